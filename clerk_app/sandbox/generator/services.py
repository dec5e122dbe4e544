"""The services citizens apply for. LeiKa keys are real; schema URIs and form data are fictional."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clerk_app.sandbox.generator.names import Person

LEIKA = "urn:de:fim:leika:leistung:"
# FICTIONAL: shaped like FIM data schemas, published nowhere. The numbers stand with the services below.
SCHEMA = "https://schema.fitko.de/fim/s{number}_1.0.schema.json"
ANSWER_SCHEMA = SCHEMA.format(number="17000199")  # what citizens send when documents were asked for

Form = dict[str, Any]
FillIn = Callable[[random.Random, Person, dt.date], Form]


@dataclass(frozen=True)
class Evidence:
    """A document citizens attach. ``form`` is "pdf", "png" or "jpeg"; ``often`` how many in 100 attach it."""

    title: str
    filename: str
    form: str = "pdf"
    often: int = 100


@dataclass(frozen=True)
class ServicePlan:
    """Verwaltungsleistung with a way to fill in its form. ``weight``: how often it is applied for."""

    leika_key: str
    name: str
    schema_number: str
    weight: int
    fee_euro: float | None
    evidence: tuple[Evidence, ...]
    fill_in: FillIn

    @property
    def identifier(self) -> str:
        """Service URN."""
        return LEIKA + self.leika_key

    @property
    def schema_uri(self) -> str:
        """Fictional data schema."""
        return SCHEMA.format(number=self.schema_number)


def applicant(person: Person) -> Form:
    """The part all forms share."""
    value: Form = {
        "anrede": person.salutation,
        "nachname": person.family,
        "geburtsdatum": person.birth_date,
        "geburtsort": person.birth_place,
        "staatsangehoerigkeit": person.nationality,
        "anschrift": {
            "strasse": person.street,
            "hausnummer": person.house,
            "plz": person.postcode,
            "ort": person.city,
        },
        "kontakt": {"email": person.email, "telefon": person.phone},
    }
    if person.given:
        value["vorname"] = person.given
    if person.title:
        value["titel"] = person.title.strip()
    if person.birth_name:
        value["geburtsname"] = person.birth_name
    return value


def _day(today: dt.date, days: int) -> str:
    return (today + dt.timedelta(days=days)).isoformat()


def _plate(rng: random.Random, person: Person) -> str:
    town = "MH" if person.postcode.startswith("7") else "BZ"
    return f"{town}-{''.join(rng.choices('ABCEGHKLMNPRSTUVWXY', k=2))} {rng.randrange(10, 9999)}"


def _dog(rng: random.Random, person: Person, today: dt.date) -> Form:
    return {
        "hund": {
            "name": rng.choice(("Bello", "Žuža", "Łucky", "Frau Merkle", "Ćapek", "Ömmel", "Nala")),
            "rasse": rng.choice(
                ("Mischling", "Labrador Retriever", "Dackel", "Český teriér", "Magyar Vizsla")
            ),
            "geschlecht": rng.choice(("weiblich", "männlich")),
            "wurfdatum": _day(today, -rng.randrange(90, 3000)),
            "chipnummer": f"276{rng.randrange(10**12):012d}",
            "listenhund": rng.random() < 0.06,
        },
        "haltung": {
            "beginn": _day(today, -rng.randrange(1, 40)),
            "anzahlHundeImHaushalt": rng.choice((1, 1, 1, 2)),
            "herkunft": rng.choice(("Tierheim", "Züchter", "Privat")),
        },
        "ermaessigung": {
            "beantragt": rng.random() < 0.25,
            "grund": rng.choice(("Blindenführhund", "Tierheim", "")),
        },
        "bankverbindung": {"iban": person.iban, "kontoinhaber": person.full_name, "sepaMandat": True},
    }


def _trade(rng: random.Random, person: Person, today: dt.date) -> Form:
    form: Form = {
        "betrieb": {
            "bezeichnung": rng.choice(
                (f"{person.family} Garten- & Landschaftsbau", f"Café {person.family}", f"IT {person.family}")
            ),
            "taetigkeit": rng.choice(
                ("Garten- und Landschaftsbau", "Betrieb eines Cafés", "Softwareentwicklung", "Onlinehandel")
            ),
            "beginn": _day(today, rng.randrange(1, 60)),
            "nebenerwerb": rng.random() < 0.4,
            "anzahlBeschaeftigte": {"vollzeit": rng.randrange(0, 4), "teilzeit": rng.randrange(0, 6)},
            "anschrift": {
                "strasse": "Gewerbepark",
                "hausnummer": str(rng.randrange(1, 90)),
                "plz": person.postcode,
                "ort": person.city,
            },
        },
        "anmeldung": {
            "grund": rng.choice(("Neugründung", "Übernahme", "Verlegung")),
            "handwerk": rng.random() < 0.2,
        },
    }
    if rng.random() < 0.3:
        form["betrieb"]["rechtsform"] = "GmbH"
        form["betrieb"]["firma"] = f"{person.family} & Töchter GmbH"
        form["betrieb"]["registerNummer"] = f"HRB {rng.randrange(10000, 799999)}"
    return form


def _parking(rng: random.Random, person: Person, today: dt.date) -> Form:
    return {
        "fahrzeug": {
            "kennzeichen": _plate(rng, person),
            "hersteller": rng.choice(("Škoda", "Volkswagen", "Renault", "Tesla", "Citroën")),
            "halter": rng.choice(("selbst", "Arbeitgeber", "Carsharing")),
            "elektro": rng.random() < 0.3,
        },
        "ausweis": {
            "zone": rng.choice(("A1", "A2", "B", "Innenstadt/Nutřkowne město")),
            "beginn": _day(today, rng.randrange(3, 45)),
            "laufzeitMonate": rng.choice((6, 12, 24)),
        },
        "hauptwohnsitz": rng.random() < 0.95,
    }


def _housing_benefit(rng: random.Random, person: Person, today: dt.date) -> Form:
    size = rng.randrange(1, 6)
    return {
        "haushalt": {
            "anzahlPersonen": size,
            "mitglieder": [
                {
                    "name": f"{person.family}",
                    "geburtsdatum": _day(today, -rng.randrange(400, 18000)),
                    "bruttoeinkommenMonat": float(rng.choice((0, 0, 520, 980, 1450))),
                }
                for _ in range(size - 1)
            ],
        },
        "wohnung": {
            "gesamtmieteEuro": float(rng.randrange(420, 1300)),
            "heizkostenEuro": float(rng.randrange(40, 160)),
            "wohnflaecheQm": rng.randrange(32, 120),
            "einzug": _day(today, -rng.randrange(30, 4000)),
        },
        "einkommen": {
            "art": rng.choice(("Lohn", "Rente", "Selbstständig")),
            "bruttoMonat": float(rng.randrange(700, 2600)),
        },
        "bankverbindung": {"iban": person.iban, "kontoinhaber": person.full_name},
        "erstantrag": rng.random() < 0.6,
    }


def _housing_permit(rng: random.Random, person: Person, today: dt.date) -> Form:
    return {
        "haushalt": {"anzahlPersonen": rng.randrange(1, 6), "schwangerschaft": rng.random() < 0.05},
        "einkommen": {"bruttoJahrEuro": float(rng.randrange(9000, 38000))},
        "gewuenschteWohnung": {"zimmer": rng.randrange(1, 5), "barrierefrei": rng.random() < 0.15},
    }


def _birth_certificate(rng: random.Random, person: Person, today: dt.date) -> Form:
    return {
        "urkunde": {
            "art": rng.choice(
                ("Geburtsurkunde", "Internationale Geburtsurkunde", "Beglaubigter Registerauszug")
            ),
            "anzahl": rng.choice((1, 1, 2, 3)),
            "verwendungszweck": rng.choice(("Eheschließung", "Elterngeld", "Rente", "Einbürgerung")),
        },
        "geburt": {
            "name": person.full_name,
            "datum": person.birth_date,
            "ort": person.city,
            "registernummer": f"G {rng.randrange(1, 2400)}/{person.birth_date[:4]}",
        },
        "beziehung": rng.choice(("eigene Person", "Elternteil", "Kind")),
    }


def _conduct_certificate(rng: random.Random, person: Person, today: dt.date) -> Form:
    return {
        "fuehrungszeugnis": {
            "art": rng.choice(("einfach", "erweitert")),
            "belegart": rng.choice(("NE", "OE")),
            "verwendungszweck": rng.choice(("Arbeitgeber", "Ehrenamt in der Jugendarbeit", "Behörde")),
            "gebuehrenbefreiung": rng.random() < 0.2,
        },
        "mutter": {"geburtsname": person.birth_name or person.family},
    }


def _identity_card(rng: random.Random, person: Person, today: dt.date) -> Form:
    return {
        "ausweis": {
            "anlass": rng.choice(("Ablauf der Gültigkeit", "Namensänderung", "Verlust", "Umzug")),
            "bisherigeNummer": f"L{rng.choice('0123456789CFGHJKLMNPRTVWXYZ')}{rng.randrange(10**7):07d}",
            "groesseCm": rng.randrange(150, 203),
            "augenfarbe": rng.choice(("grün", "braun", "blau", "graublau")),
        },
        "abholung": {"ort": "Bürgerbüro", "wunschtermin": _day(today, rng.randrange(7, 30))},
    }


def _building_permit(rng: random.Random, person: Person, today: dt.date) -> Form:
    return {
        "vorhaben": {
            "art": rng.choice(("Errichtung", "Änderung", "Nutzungsänderung")),
            "bezeichnung": rng.choice(
                ("Einfamilienhaus mit Garage", "Dachgaube", "Wintergarten", "Umbau der Scheune zum Wohnhaus")
            ),
            "grundstueck": {
                "gemarkung": rng.choice(("Musterhausen", "Wjelećin/Wilthen", "Oberdorf")),
                "flur": rng.randrange(1, 12),
                "flurstueck": f"{rng.randrange(1, 900)}/{rng.randrange(1, 20)}",
            },
            "bruttorauminhaltKubikmeter": rng.randrange(60, 1800),
            "baukostenEuro": float(rng.randrange(12, 620) * 1000),
        },
        "entwurfsverfasser": {
            "name": "Dipl.-Ing. Žaneta Öhlschläger",
            "kammernummer": f"{rng.randrange(10000, 99999)}",
        },
        "nachbarn": [{"name": "Łukasz Häußler", "zustimmung": rng.random() < 0.7}],
    }


SERVICES: tuple[ServicePlan, ...] = (
    ServicePlan(
        "99102013104000",
        "Hundesteuer, Anmeldung",
        "17000101",
        5,
        None,
        (
            Evidence("Nachweis der Haftpflichtversicherung", "haftpflicht-hund.pdf", often=70),
            Evidence("Foto des Hundes", "hund.jpg", "jpeg", often=40),
        ),
        _dog,
    ),
    ServicePlan(
        "99050012104000",
        "Gewerbe anmelden",
        "17000102",
        4,
        26.0,
        (
            Evidence("Ausweiskopie", "ausweis.png", "png", often=80),
            Evidence("Handelsregisterauszug", "handelsregister.pdf", often=30),
        ),
        _trade,
    ),
    ServicePlan(
        "99108001001000",
        "Bewohnerparkausweis",
        "17000103",
        6,
        30.7,
        (
            Evidence("Zulassungsbescheinigung Teil I", "zulassungsbescheinigung.pdf", often=85),
            Evidence("Überlassungsbescheinigung des Halters", "überlassung Halter.pdf", often=25),
        ),
        _parking,
    ),
    ServicePlan(
        "99107023037000",
        "Wohngeld (Mietzuschuss)",
        "17000104",
        4,
        None,
        (
            Evidence("Mietvertrag", "mietvertrag.pdf", often=90),
            Evidence("Einkommensnachweise", "lohnabrechnungen.pdf", often=80),
            Evidence("Foto der Heizkostenabrechnung", "heizkosten.jpg", "jpeg", often=40),
        ),
        _housing_benefit,
    ),
    ServicePlan(
        "99107022012000",
        "Wohnberechtigungsschein",
        "17000105",
        3,
        15.0,
        (Evidence("Einkommensnachweise", "einkommen.pdf", often=85),),
        _housing_permit,
    ),
    ServicePlan(
        "99027002012000",
        "Geburtsurkunde",
        "17000106",
        4,
        12.0,
        (Evidence("Ausweiskopie", "ausweis-vorderseite.png", "png", often=75),),
        _birth_certificate,
    ),
    ServicePlan(
        "99049001001000",
        "Führungszeugnis",
        "17000107",
        3,
        13.0,
        (Evidence("Bescheinigung des Trägers", "bescheinigung-träger.pdf", often=35),),
        _conduct_certificate,
    ),
    ServicePlan(
        "99008001012000",
        "Personalausweis",
        "17000108",
        3,
        37.0,
        (Evidence("Lichtbild", "lichtbild.jpg", "jpeg", often=95),),
        _identity_card,
    ),
    ServicePlan(
        "99012008001000",
        "Baugenehmigung",
        "17000109",
        2,
        None,
        (
            Evidence("Lageplan", "lageplan.pdf"),
            Evidence("Bauzeichnungen", "bauzeichnungen.pdf", often=90),
            Evidence("Baubeschreibung", "baubeschreibung.pdf", often=80),
            Evidence("Skizze", "skizze.png", "png", often=30),
        ),
        _building_permit,
    ),
)

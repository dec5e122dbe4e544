"""Fictional people of Baden-Württemberg and Sachsen, with names from the whole letter set of DIN 91379.

No name is of a real person on purpose; given and family names are drawn independently. Every latin letter and
every combining sequence of DIN 91379 (group "bll") occurs once enough people have been drawn: now and then a
person bears a transliterated name built around the next letter of the list.
"""

from __future__ import annotations

import datetime as dt
import random
import unicodedata
from dataclasses import dataclass


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(" "))


GIVEN = _words(
    "Anna Lukas Quentin Xaver Alexa Zoë François Łucja Jürgen Björn Søren Åsa Ngọc Đặng Ömer Şükrü "
    "Çağla İbrahim Ayşe Siân Māra Ģirts Ķristīne Žydrūnė Jiří Štěpán Růžena Zdeňka Ľubomír Ágnes "
    "Győző Ionuț Ștefania Bogdan Małgorzata Świętosława Kateřina Dragoș Þóra Eiríkur Guðrún Chloé "
    "Noël Inês João Núria Begoña Iñaki Maël Hồng Tuấn Měrćin Hańža Jurij Božena Křesćan Lubina Pětš "
    "Mina Marko Hilža Sćěpan Oğuz Gökçe Dženana Ćamil Müjgân Karl-Heinz Anna-Lena Hans-Peter "
    "Marie-Thérèse Jean-Noël Fatou Kwame Nǥolo Okyere Əli Ǩofi Ŋele Aram Shu'ayb ʿAbdullāh Ḥusayn "
    "Ṣafiyya Ṭāriq Žan Đorđe Tőke Ŵyn Ŷstwyth Ẽuã Pȧul"
)
FAMILY = _words(
    "Müller Schmidt Weiß Groß Strauß Häußler Bäuerle Öttinger Übelhör Ruß Jäger Kößler Šołta Nowak "
    "Krawc Wićaz Krječmar Hejduška Dučman Brězan Młynk Žur Kubaš Šěrak Ćemjera Kowalczyk Wójcik "
    "Dąbrowska Łoś Grześkowiak Dvořák Němcová Kříž Žižka Ďurica Tóth Hőgyes Szűcs Ceaușescu-Ilieș "
    "Țăranu Yıldız Şahin Çelik Gökoğlu Ağaoğlu Đoković Šarić Žunić Ćosić Nguyễn Trần Phạm Đỗ Vũ Hoàng "
    "Ødegård Åkesson Lindström Þorsteinsdóttir Sigurðsson O’Connor D’Angelo Núñez Ibáñez Gonçalves "
    "Simões Guimarães Lefèvre Crèvecœur L’Écuyer Bērziņš Ķirsis Liepiņa Kazlauskienė Žemaitis Õunapuu "
    "Pärnõja Ŵillams N’Diaye Owusu-Ansah Ekow Mamedə Əliyev Al-Ḥasan ʿAlī aṭ-Ṭayyib Khạlid Ŭiljŏng "
    "Ḱrstevski Ǵorǵiev Škoda-Řehoř"
)
PARTICLES = ("von ", "von der ", "zu ", "van den ", "de la ", "dos ", "Freiherr von ", "al-", "Mac ", "D’")
TITLES = ("", "", "", "", "", "", "", "Dr. ", "Prof. Dr. ", "Dipl.-Ing. ")
MONONYMS = ("Suharto", "Ängström", "Naẓīf", "Thīri", "Mṣaddiq", "Wójtek")
# Letters and sequences of DIN 91379 (group bll) outside ASCII, separated by spaces.
LETTERS = _words(
    "À Á Â Ã Ä Å Æ Ç È É Ê Ë Ì Í Î Ï Ð Ñ Ò Ó Ô Õ Ö Ø Ù Ú Û Ü Ý Þ ß à á â ã ä å æ ç è é ê ë ì í î ï ð "
    "ñ ò ó ô õ ö ø ù ú û ü ý þ ÿ Ā ā Ă ă Ą ą Ć ć Ĉ ĉ Ċ ċ Č č Ď ď Đ đ Ē ē Ĕ ĕ Ė ė Ę ę Ě ě Ĝ ĝ Ğ ğ Ġ ġ "
    "Ģ ģ Ĥ ĥ Ħ ħ Ĩ ĩ Ī ī Ĭ ĭ Į į İ ı Ĳ ĳ Ĵ ĵ Ķ ķ ĸ Ĺ ĺ Ļ ļ Ľ ľ Ŀ ŀ Ł ł Ń ń Ņ ņ Ň ň ŉ Ŋ ŋ Ō ō Ŏ ŏ Ő ő "
    "Œ œ Ŕ ŕ Ŗ ŗ Ř ř Ś ś Ŝ ŝ Ş ş Š š Ţ ţ Ť ť Ŧ ŧ Ũ ũ Ū ū Ŭ ŭ Ů ů Ű ű Ų ų Ŵ ŵ Ŷ ŷ Ÿ Ź ź Ż ż Ž ž Ƈ ƈ Ə "
    "Ɨ Ơ ơ Ư ư Ʒ Ǎ ǎ Ǐ ǐ Ǒ ǒ Ǔ ǔ Ǖ ǖ Ǘ ǘ Ǚ ǚ Ǜ ǜ Ǟ ǟ Ǣ ǣ Ǥ ǥ Ǧ ǧ Ǩ ǩ Ǫ ǫ Ǭ ǭ Ǯ ǯ ǰ Ǵ ǵ Ǹ ǹ Ǻ ǻ Ǽ ǽ Ǿ "
    "ǿ Ȓ ȓ Ș ș Ț ț Ȟ ȟ ȧ Ȩ ȩ Ȫ ȫ Ȭ ȭ Ȯ ȯ Ȱ ȱ Ȳ ȳ ə ɨ ʒ Ḃ ḃ Ḇ ḇ Ḋ ḋ Ḍ ḍ Ḏ ḏ Ḑ ḑ ḗ Ḝ ḝ Ḟ ḟ Ḡ ḡ Ḣ ḣ Ḥ ḥ "
    "Ḧ ḧ Ḩ ḩ Ḫ ḫ ḯ Ḱ ḱ Ḳ ḳ Ḵ ḵ Ḷ ḷ Ḻ ḻ Ṁ ṁ Ṃ ṃ Ṅ ṅ Ṇ ṇ Ṉ ṉ Ṓ ṓ Ṕ ṕ Ṗ ṗ Ṙ ṙ Ṛ ṛ Ṟ ṟ Ṡ ṡ Ṣ ṣ Ṫ ṫ Ṭ ṭ Ṯ "
    "ṯ Ẁ ẁ Ẃ ẃ Ẅ ẅ Ẇ ẇ Ẍ ẍ Ẏ ẏ Ẑ ẑ Ẓ ẓ Ẕ ẕ ẖ ẗ ẞ Ạ ạ Ả ả Ấ ấ Ầ ầ Ẩ ẩ Ẫ ẫ Ậ ậ Ắ ắ Ằ ằ Ẳ ẳ Ẵ ẵ Ặ ặ Ẹ ẹ "
    "Ẻ ẻ Ẽ ẽ Ế ế Ề ề Ể ể Ễ ễ Ệ ệ Ỉ ỉ Ị ị Ọ ọ Ỏ ỏ Ố ố Ồ ồ Ổ ổ Ỗ ỗ Ộ ộ Ớ ớ Ờ ờ Ở ở Ỡ ỡ Ợ ợ Ụ ụ Ủ ủ Ứ ứ "
    "Ừ ừ Ử ử Ữ ữ Ự ự Ỳ ỳ Ỵ ỵ Ỷ ỷ Ỹ ỹ A̋ C̀ C̄ C̆ C̈ C̕ C̣ C̦ C̨̆ D̂ F̀ F̄ G̀ H̄ H̦ H̱ J́ J̌ K̀ K̂ K̄ "
    "K̇ K̕ K̛ K̦ K͟H K͟h L̂ L̥ L̥̄ L̦ M̀ M̂ M̆ M̐ N̂ N̄ N̆ N̦ P̀ P̄ P̕ P̣ R̆ R̥ R̥̄ S̀ S̄ S̛̄ S̱ T̀ "
    "T̄ T̈ T̕ T̛ U̇ Z̀ Z̄ Z̆ Z̈ Z̧ a̋ c̀ c̄ c̆ c̈ c̕ c̣ c̦ c̨̆ d̂ f̀ f̄ g̀ h̄ h̦ j́ k̀ k̂ k̄ k̇ k̕ k̛ "
    "k̦ k͟h l̂ l̥ l̥̄ l̦ m̀ m̂ m̆ m̐ n̂ n̄ n̆ n̦ p̀ p̄ p̕ p̣ r̆ r̥ r̥̄ s̀ s̄ s̛̄ s̱ t̀ t̄ t̕ t̛ u̇ z̀ "
    "z̄ z̆ z̈ z̧ Ç̆ Û̄ ç̆ û̄ ÿ́ Č̕ Č̣ č̕ č̣ ē̍ Ī́ ī́ ō̍ Ž̦ Ž̧ ž̦ ž̧ Ḳ̄ ḳ̄ Ṣ̄ ṣ̄ Ṭ̄ ṭ̄ Ạ̈ ạ̈ Ọ̈ ọ̈ Ụ̄ "
    "Ụ̈ ụ̄ ụ̈"
)
STREETS = {
    "BW": (
        "Hauptstraße",
        "Königstraße",
        "Weinsteige",
        "Mörikeweg",
        "Untere Gasse",
        "Häldenäcker",
        "Schloßplatz",
    ),
    "SN": (
        "Hauptstraße/Hłowna dróha",
        "Töpfergasse",
        "Am Kornmarkt",
        "Žitawska dróha",
        "Lessingstraße",
        "Dwórnišćowa",
    ),
}


@dataclass(frozen=True)
class Person:
    """Antragsteller/in. ``given`` is empty for people with a single name."""

    salutation: str
    title: str
    given: str
    family: str
    birth_name: str | None
    birth_date: str
    birth_place: str
    nationality: str
    street: str
    house: str
    postcode: str
    city: str
    email: str
    phone: str
    iban: str

    @property
    def full_name(self) -> str:
        """As it would stand on an envelope."""
        return f"{self.title}{self.given} {self.family}".strip()


_IBAN_BANKS = ("60050101", "85050300", "70070024")


def _iban(rng: random.Random) -> str:
    """A German IBAN with right check digits and a made-up account."""
    account = f"{rng.choice(_IBAN_BANKS)}{rng.randrange(10**10):010d}"
    return f"DE{98 - int(f'{account}131400') % 97:02d}{account}"


def _mail_name(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(letter for letter in plain.lower() if letter.isalnum()) or "person"


class People:
    """An endless supply of people; the same for the same seed."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._drawn = 0
        self._letters = [*LETTERS]
        rng.shuffle(self._letters)

    def draw(self, land: str, postcode: str, city: str) -> Person:
        """Somebody living in the given town."""
        rng = self._rng
        self._drawn += 1
        given, family = self._name()
        born = dt.date(1938, 1, 1) + dt.timedelta(days=rng.randrange(365 * 69))
        woman = rng.random() < 0.5
        return Person(
            "Frau" if woman else "Herr",
            rng.choice(TITLES) if given else "",
            given,
            family,
            rng.choice(FAMILY) if woman and given and rng.random() < 0.4 else None,
            born.isoformat(),
            rng.choice(
                ("Musterhausen", "Görlitz/Zgorzelec", "Łódź", "Tübingen", "Budyšin", "Đà Nẵng", "Kütahya")
            ),
            rng.choice(
                ("deutsch", "deutsch", "deutsch", "polnisch", "tschechisch", "türkisch", "vietnamesisch")
            ),
            rng.choice(STREETS[land]),
            f"{rng.randrange(1, 180)}{rng.choice(('', '', '', 'a', 'b', ' 1/2'))}",
            postcode,
            city,
            f"{_mail_name(given or 'x')}.{_mail_name(family)}@example.org",
            f"+49 {'711' if land == 'BW' else '3591'} 555{rng.randrange(1000, 9999)}",
            _iban(rng),
        )

    def _name(self) -> tuple[str, str]:
        rng = self._rng
        if self._drawn % 4 == 0:  # a transliterated name around the next letter of the standard
            letter = self._letters[self._drawn // 4 % len(self._letters)]
            if letter[0].isupper():
                return rng.choice(GIVEN), f"{letter}{rng.choice(('amidov', 'erzin', 'akob', 'olta'))}"
            return rng.choice(
                GIVEN
            ), f"{rng.choice(('Ba', 'Ma', 'Ko'))}{letter}{rng.choice(('ić', 'ov', 'an'))}"
        if self._drawn % 23 == 0:
            return "", rng.choice(MONONYMS)
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        if rng.random() < 0.1:
            given = f"{given} {rng.choice(GIVEN)}"
        if rng.random() < 0.1:
            family = f"{rng.choice(PARTICLES)}{family}"
        elif rng.random() < 0.08:
            family = f"{family}-{rng.choice(FAMILY)}"
        return given, family

"""Wires forwarding into a desk: who is competent, and how a reminder to hand over reads."""

from __future__ import annotations

from clerk_app.domain.competence import OfficeAddress
from clerk_app.services.forwarding_rules import ForwardingRules
from clerk_app.services.office_rules import OfficeRules
from clerk_app.system.profile import Profile
from clerk_app.texts import _
from clerk_app.usecases.corresponding import Corresponding
from clerk_app.usecases.forwarding import Forwarding
from clerk_app.usecases.forwarding_ports import CompetenceRules
from clerk_app.usecases.ports import CaseReads, Clock, Ledger
from clerk_app.usecases.sending import TakeBack


def forwarding_rules(profile: Profile, rules: OfficeRules) -> ForwardingRules:
    """Area and directory of this authority."""
    return ForwardingRules(rules.head, rules.description, profile.parameters)


def forwarding_for(
    reads: CaseReads,
    ledger: Ledger,
    corresponding: Corresponding,
    rules: CompetenceRules,
    clock: Clock,
    take_back: TakeBack,
) -> Forwarding:
    """Forwarding in the name of this authority."""
    return Forwarding(reads, ledger, corresponding, rules, clock, take_back, reminder_words)


def reminder_words(office: OfficeAddress) -> str:
    """What the clerk is reminded of."""
    return _("Abgabe an {office}: Unterlagen noch nicht übergeben").format(office=office.name)

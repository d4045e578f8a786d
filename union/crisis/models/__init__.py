"""Tables of crisis: teams, contacts, incidents, pages, their timeline and policies."""

from union.crisis.models.contacts import (
    Contact,
    MinorDecision,
    QuietNumber,
    SealedTelling,
    Staying,
)
from union.crisis.models.covering import RotaHole, RotaOffer
from union.crisis.models.drills import CertificateEvent, DrillPage, DrillPlan
from union.crisis.models.figures import FigureAtom, FigureCounted, FigureEdition, FigureNested
from union.crisis.models.incidents import Incident, IncidentAvoid, IncidentChoice, IncidentEvent
from union.crisis.models.pages import Page
from union.crisis.models.policies import CrisisPolicy, CustodyClock
from union.crisis.models.rota import (
    RotaAway,
    RotaOff,
    RotaPattern,
    RotaShift,
    RotaSwap,
    RotaWish,
)
from union.crisis.models.taken import MeetingPoint, Taken, TakenEvent, TakenMedicine, TakenSheet
from union.crisis.models.teams import Certificate, Landmark, TeamProfile

__all__ = [
    "Certificate",
    "CertificateEvent",
    "Contact",
    "CrisisPolicy",
    "CustodyClock",
    "DrillPage",
    "DrillPlan",
    "FigureAtom",
    "FigureCounted",
    "FigureEdition",
    "FigureNested",
    "Incident",
    "IncidentAvoid",
    "IncidentChoice",
    "IncidentEvent",
    "Landmark",
    "MeetingPoint",
    "MinorDecision",
    "Page",
    "QuietNumber",
    "RotaAway",
    "RotaHole",
    "RotaOff",
    "RotaOffer",
    "RotaPattern",
    "RotaShift",
    "RotaSwap",
    "RotaWish",
    "SealedTelling",
    "Staying",
    "Taken",
    "TakenEvent",
    "TakenMedicine",
    "TakenSheet",
    "TeamProfile",
]

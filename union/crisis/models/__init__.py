"""Tables of crisis: teams, contacts, incidents, pages, their timeline and policies."""

from union.crisis.models.contacts import Contact
from union.crisis.models.incidents import Incident, IncidentAvoid, IncidentChoice, IncidentEvent
from union.crisis.models.pages import Page
from union.crisis.models.teams import Certificate, CrisisPolicy, Landmark, TeamProfile

__all__ = [
    "Certificate",
    "Contact",
    "CrisisPolicy",
    "Incident",
    "IncidentAvoid",
    "IncidentChoice",
    "IncidentEvent",
    "Landmark",
    "Page",
    "TeamProfile",
]

"""The words of a crisis: kinds, states, roles, channels, each a closed list; no decision."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What is happening, as the caller would put it."""

    ARREST_OR_RAID = "arrest_or_raid"
    POLICE_HARASSMENT = "police_harassment"
    CLIENT_VIOLENCE = "client_violence"
    PARTNER_VIOLENCE = "partner_violence"
    GOONDA_EXTORTION = "goonda_extortion"
    EVICTION = "eviction"
    OUTING_OR_BLACKMAIL = "outing_or_blackmail"
    MEDICAL_EMERGENCY = "medical_emergency"
    THREAT_TO_OWN_LIFE = "threat_to_own_life"
    RESPONDER_SAFETY = "responder_safety"
    NUISANCE = "nuisance"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """Whether life or many people are at stake."""

    ORDINARY = "ordinary"
    GRAVE = "grave"


class TeamRole(StrEnum):
    """What a person may be certified for."""

    RESPONDER = "responder"
    TEAM_LEAD = "team_lead"
    PARALEGAL = "paralegal"
    COUNSELLOR = "counsellor"


class AskedAs(StrEnum):
    """What somebody is asked to be in one incident; the last two need no certificate."""

    RESPONDER = "responder"
    PARALEGAL = "paralegal"
    COUNSELLOR = "counsellor"
    COORDINATOR = "coordinator"
    DUTY_OFFICER = "duty_officer"


TEAM = (AskedAs.RESPONDER, AskedAs.PARALEGAL, AskedAs.COUNSELLOR)
IN_CHARGE = (AskedAs.COORDINATOR, AskedAs.DUTY_OFFICER)

FILLED_BY: dict[AskedAs, frozenset[TeamRole]] = {
    AskedAs.RESPONDER: frozenset({TeamRole.RESPONDER, TeamRole.TEAM_LEAD}),
    AskedAs.PARALEGAL: frozenset({TeamRole.PARALEGAL}),
    AskedAs.COUNSELLOR: frozenset({TeamRole.COUNSELLOR}),
}
"""Which certificates let a person be asked as what."""


class Shift(StrEnum):
    """When somebody said she can be woken."""

    DAY = "day"
    NIGHT = "night"
    ANY = "any"


class ContactChannel(StrEnum):
    """How a contact reached us."""

    HOTLINE = "hotline"
    SMS = "sms"
    MISSED_CALL = "missed_call"
    APP = "app"
    OWN_RESPONDER = "own_responder"
    WALK_IN = "walk_in"
    OTHER_PIN = "other_pin"
    """She opened her notebook with the PIN for when she is made to: nobody rings her for it."""


class ContactState(StrEnum):
    """A contact is open until a person has dealt with it."""

    OPEN = "open"
    TAKEN = "taken"
    DEALT = "dealt"


class Attachment(StrEnum):
    """How a contact hangs on an incident."""

    OPENED = "opened"
    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"


class DealtHow(StrEnum):
    """What a person did with a contact."""

    SPOKEN = "spoken"
    ATTACHED = "attached"
    NOT_REACHED = "not_reached"
    NO_NEED = "no_need"
    NUISANCE = "nuisance"


class IncidentState(StrEnum):
    """Seeking or filled are open; the rest are ended."""

    SEEKING = "seeking"
    FILLED = "filled"
    CLOSED = "closed"
    MERGED = "merged"


OPEN_INCIDENT = (IncidentState.SEEKING, IncidentState.FILLED)


class PageState(StrEnum):
    """Where one asked person stands; briefed and after count as coming."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    BRIEFED = "briefed"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    DECLINED = "declined"
    SILENT = "silent"
    DROPPED_OUT = "dropped_out"
    RELEASED = "released"


WAITING_FOR_ANSWER = (PageState.ASKED,)
COMING = (PageState.BRIEFED, PageState.EN_ROUTE, PageState.ARRIVED)
LIVE_PAGE = (*WAITING_FOR_ANSWER, PageState.ACCEPTED, *COMING)


SILENT_ALARM = "silent_alarm"
"""The reason of a page to somebody in charge that nobody else must see."""


class AnsweredBy(StrEnum):
    """How a human answer reached us (C3); nothing else is one."""

    LIVE_VOICE = "live_voice"
    KEYPAD = "keypad"
    SMS = "sms"
    LINK = "link"
    APP = "app"
    CAME_HERSELF = "came_herself"


class Outcome(StrEnum):
    """What came of it."""

    SETTLED_THERE = "settled_there"
    RELEASED_BY_POLICE = "released_by_police"
    TAKEN_TO_HOSPITAL = "taken_to_hospital"
    TAKEN_TO_SAFETY = "taken_to_safety"
    STILL_HELD = "still_held"
    TALKED_THROUGH = "talked_through"
    SHE_WANTED_NOTHING_MORE = "she_wanted_nothing_more"
    NOT_FOUND_BUT_HEARD = "not_found_but_heard"


class AsSheWished(StrEnum):
    """Whether it ended as the caller wished, in her words or the closer's honest guess."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class ClosedBy(StrEnum):
    """Only somebody who has seen the caller, or heard her safe word, closes (C3)."""

    SAW_HER = "saw_her"
    HEARD_SAFE_WORD = "heard_safe_word"


class WitnessKnows(StrEnum):
    """How somebody in charge saw the caller: her "I am there" may have been said at her desk."""

    WENT_THERE = "went_there"
    SHE_CAME_TO_US = "she_came_to_us"


class Who(StrEnum):
    """Whom a step of a policy asks."""

    NEAREST = "nearest"
    NEIGHBOURS = "neighbours"
    STATE = "state"
    COORDINATORS = "coordinators"
    DUTY_OFFICER = "duty_officer"

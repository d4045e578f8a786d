"""Beginnings of the words by which people write what happens, in seven languages and in Latin.

Kannada, Hindi, Marathi, Telugu, Tamil, Urdu and English. Data only; somebody who speaks each should
read them.
"""

from __future__ import annotations

from collections.abc import Mapping

from union.crisis.rules.kinds import Kind

KIND_STEMS: Mapping[Kind, str] = {
    Kind.THREAT_TO_OWN_LIFE: """
        suicid poison atmahat aatmahat athmahat khudkush zehar jahar saayabek sayabek
        chanipov tharkolai
        ಆತ್ಮಹತ್ಯ ಸಾಯಬೇಕ ವಿಷ आत्महत्य खुदकुश ख़ुदकुश ज़हर जहर विष ఆత్మహత్య చనిపోవాల విషం
        தற்கொல விஷ خودکش زہر
    """,
    Kind.ARREST_OR_RAID: """
        raid arrest detain lockup custody giraft chhap chapa dhaad bandhis bandhan kaidu kaithu
        ದಾಳಿ ರೇಡ ಬಂಧಿಸ ಬಂಧನ ಅರೆಸ್ಟ छाप गिरफ्त गिरफ़्त रेड हिरासत अटक धाड రైడ అరెస్ట నిర్బంధ
        ரெய்ட கைது چھاپ گرفتار حراست
    """,
    Kind.MEDICAL_EMERGENCY: """
        bleed blood ambulance unconscious hospital faint aspatr aspatal behosh raktha khoon
        ಆಸ್ಪತ್ರ ರಕ್ತ ಆಂಬ್ಯುಲ अस्पताल खून ख़ून बेहोश रक्त रुग्णालय एम्बुलेंस
        ఆసుపత్ర రక్తం స్పృహ அம்புலன்ஸ இரத்த ரத்த மருத்துவமன மயக்க ہسپتال خون بےہوش
    """,
    Kind.OUTING_OR_BLACKMAIL: """
        blackmail viral photo video expose
        ಬ್ಲ್ಯಾಕ್ ಫೋಟೋ ವೀಡಿಯೊ ವಿಡಿಯೋ ब्लैकमेल ब्लॅकमेल फोटो फ़ोटो वीडियो व्हिडिओ
        బ్లాక్ ఫోటో వీడియో பிளாக்மெயில் போட்டோ வீடியோ بلیک فوٹو ویڈیو
    """,
    Kind.EVICTION: """
        evict ಒಕ್ಕಲೆಬ್ಬಿಸ बेदखल
    """,
    Kind.GOONDA_EXTORTION: """
        goond gund rowdy rowdi rawdi extort hafta mamool mamul
        ಗೂಂಡಾ ಗುಂಡಾ ರೌಡಿ ಮಾಮೂಲ ಹಫ್ತಾ गुंड गुण्ड हफ्त हफ़्त వసూలు గూండా రౌడీ மாமூல் ரவுடி குண்டர்
        غنڈ ہفتہ
    """,
    Kind.CLIENT_VIOLENCE: """
        beat hit hitting slap knife stab attack rape raping hodey hodi hodd maar pitai peet chaku
        kottu kottad adikk
        ಹೊಡೆ ಹೊಡಿ ಹಲ್ಲೆ ಚಾಕು ಅತ್ಯಾಚಾರ मार पीट पिट चाकू हमल बलात्कार కొట్ట కత్తి అత్యాచార దాడి
        அடி கத்தி தாக்க பலாத்கார مار پیٹ چاقو حملہ
    """,
    Kind.POLICE_HARASSMENT: """
        police polis polic pulis poleesu ಪೊಲೀಸ ಪೋಲೀಸ ಪೊಲಿಸ ಪೋಲಿಸ पुलिस पोलीस पोलिस పోలీస పోలిస
        போலீஸ போலிஸ காவல پولیس
    """,
}

KIND_PHRASES: Mapping[Kind, tuple[str, ...]] = {
    Kind.THREAT_TO_OWN_LIFE: (
        "kill myself",
        "end my life",
        "want to die",
        "sleeping pills",
        "marna chahti",
        "mar jaungi",
        "मरना चाहती",
        "मर जाऊँगी",
        "जीव द्याय",
        "मरायचं",
        "சாக வேண்டும்",
        "مرنا چاہتی",
    ),
    Kind.EVICTION: (
        "out of my house",
        "out of the house",
        "out of our house",
        "thrown out",
        "ghar khali",
        "mane khali",
        "ಮನೆ ಖಾಲಿ",
        "घर खाली",
        "ఇల్లు ఖాళీ",
        "வீட்டை காலி",
        "گھر خالی",
    ),
}

TAKEN = """
    took taken take caught pick lift pakad pakda hididu hidid karkond le gaye
    ಹಿಡಿದ ಕರೆದುಕೊಂಡ ಎಳೆದುಕೊಂಡ पकड़ पकड ले उठा पकडल पकडून పట్టుకు తీసుకెళ్ పట్టుకెళ్
    பிடித்த அழைத்துச் கூட்டி پکڑ لے اٹھا
"""
"""With police in the same text: somebody was taken."""

BY_A_PARTNER = """
    husband ganda pati shohar boyfriend lover bharta bhartha kanavan navra
    ಗಂಡ ಪತಿ पति शौहर नवरा नवऱ भर्त భర్త మొగుడ கணவ புருஷ شوہر خاوند
"""
BY_GOONDAS = KIND_STEMS[Kind.GOONDA_EXTORTION]

OF_PEOPLE = """
    people person girls women woman ladies sisters friends of us jana log logon ladki mandi per peru
    ಜನ ಹುಡುಗಿ ಮಹಿಳೆ ಹೆಂಗಸ लोग लड़क महिल औरत जण लोक बाय मुली మంది అమ్మాయి మహిళ
    பேர் பெண் لوگ لڑک عورت افراد
"""

TONGUES: Mapping[str, str] = {
    "marathi": "आहे आहेत मला आम्हाला पाहिजे नाही इथे आमच्या लवकर या वाचवा झाली आले",
    "english": """
        the is are has all of out will this that please help me us we my at in on to come need and
        have they he she by
    """,
    "kannada": "beku banni bega idhe ide illi nanna namma nanu sahaya maadi madi hattira yaaru",
    "hindi": "hai hain mujhe hame hamen yahan bachao madad karo ko mein main jaldi aao kar rahe",
    "telugu": "undi unnaru randi naku maaku ikkada sahayam cheyandi kaapadandi",
    "tamil": "irukku vaanga enakku engalukku inge udavi pannunga seekiram",
}
"""The commonest words of each, to tell them apart where the letters do not."""

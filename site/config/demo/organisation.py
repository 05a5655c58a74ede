"""Nine administrations, their departments and their units."""

import datetime as dt
from collections.abc import Iterator

from config.demo import Demo
from people.models import Unit

FOUNDED = dt.date(2011, 1, 1)

# Administration, its share of the employees, and its departments with their units.
ADMINISTRATIONS: dict[str, tuple[str, float, dict[str, list[str]]]] = {
    "KLF": (
        "Kommunledningsförvaltningen",
        0.055,
        {
            "Avdelningen för digital utveckling": ["Tjänstedesign och innovation", "Digital arbetsplats", "Systemstöd"],
            "HR-avdelningen": ["Lön och pension", "Kompetensförsörjning"],
            "Ekonomiavdelningen": ["Redovisning", "Upphandling"],
            "Kommunikation och service": ["Kontaktcenter", "Kommunikation", "Kansli och arkiv"],
        },
    ),
    "BUF": (
        "Barn- och utbildningsförvaltningen",
        0.335,
        {
            "Förskola norr": ["Förskolan Måsen", "Förskolan Ejdern", "Förskolan Ängsblomman", "Förskolan Vitsippan"],
            "Förskola söder": ["Förskolan Lotsen", "Förskolan Örnboet", "Förskolan Äventyret"],
            "Grundskola": [
                "Åsaskolan",
                "Hamnskolan",
                "Skärviks centralskola",
                "Ängsskolan",
                "Östra skolan",
                "Kustskolan",
                "Anpassad grundskola",
            ],
            "Gymnasium och vuxenutbildning": ["Skärgårdsgymnasiet", "Introduktionsprogrammen", "Vuxenutbildningen"],
            "Elevhälsa och stöd": ["Centrala elevhälsan", "Resursteamet", "Skolskjuts och antagning"],
        },
    ),
    "VOF": (
        "Vård- och omsorgsförvaltningen",
        0.32,
        {
            "Hemtjänst": ["Hemtjänst Centrum", "Hemtjänst Väster", "Hemtjänst Öarna", "Nattpatrullen"],
            "Särskilt boende": ["Ekbackens äldreboende", "Fyrens äldreboende", "Ängsgårdens äldreboende"],
            "Funktionsstöd": ["Gruppbostäder norr", "Gruppbostäder söder", "Daglig verksamhet", "Personlig assistans"],
            "Hälso- och sjukvård": ["Sjuksköterskeenheten", "Rehabenheten", "Hjälpmedel"],
            "Myndighet och utveckling": ["Biståndsenheten", "Välfärdsteknik", "Bemanningsenheten"],
        },
    ),
    "IAF": (
        "Individ- och arbetsmarknadsförvaltningen",
        0.075,
        {
            "Barn och familj": ["Mottagningen barn och unga", "Utredningsenheten", "Familjehuset"],
            "Vuxna": ["Försörjningsstöd", "Missbruk och beroende", "Socialpsykiatrin"],
            "Arbetsmarknad": ["Jobbcenter", "Integrationsenheten"],
        },
    ),
    "MSF": (
        "Miljö- och samhällsbyggnadsförvaltningen",
        0.055,
        {
            "Plan och bygg": ["Bygglovsenheten", "Planenheten", "Kart- och mätenheten"],
            "Miljö och hälsa": ["Livsmedelskontroll", "Miljötillsyn"],
            "Mark och exploatering": ["Exploateringsenheten", "Trafik och kollektivtrafik"],
        },
    ),
    "TSF": (
        "Teknik- och serviceförvaltningen",
        0.085,
        {
            "Gata och park": ["Gatuenheten", "Parkenheten", "Hamnenheten"],
            "Fastighet": ["Fastighetsdrift", "Byggprojekt", "Lokalvård"],
            "Måltid": ["Måltid skola", "Måltid omsorg"],
            "VA och avfall": ["Vatten och avlopp", "Återvinning"],
        },
    ),
    "KFF": (
        "Kultur- och fritidsförvaltningen",
        0.045,
        {
            "Kultur": ["Stadsbiblioteket", "Kulturskolan", "Skärviks museum"],
            "Fritid": ["Fritidsgårdarna", "Badhus och idrott", "Föreningsstöd"],
        },
    ),
    "RTJ": (
        "Räddningstjänsten Skärvik",
        0.03,
        {"Operativ avdelning": ["Station Hamnen", "Station Öarna"], "Förebyggande": ["Tillsyn och utbildning"]},
    ),
    # Four people: shows what happens to groups under five.
    "REV": ("Revisionskontoret", 0.0, {}),
}


def lay(demo: Demo) -> None:
    there = {unit.code: unit for unit in Unit.objects.all()}
    for code, name, parent, administration in _nodes():
        if code not in there:
            there[code] = Unit.objects.create(
                code=code,
                name=name,
                parent=there.get(parent),
                administration=there.get(administration),
                starts_on=FOUNDED,
            )
    demo.say(f"{len(ADMINISTRATIONS)} administrations, {Unit.objects.count()} units")


def _nodes() -> Iterator[tuple[str, str, str, str]]:
    """Code, name, the parent's code, the administration's code; from the top down."""
    for top, (name, _share, departments) in ADMINISTRATIONS.items():
        yield top, name, "", ""
        for number, (department, units) in enumerate(departments.items(), 1):
            yield f"{top}-{number}", department, top, top
            for place, unit in enumerate(units, 1):
                yield f"{top}-{number}{place:02}", unit, f"{top}-{number}", top

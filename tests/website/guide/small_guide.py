"""A guide small enough to be laid in half a second: every type of page, every block, both languages.

Written as an export writes it, so that what comes out again can be compared with what stands here.
"""
# ruff: noqa: E501 - a file of a few lines stands on a line of its own

from pathlib import Path

SMALL_GUIDE = {
    "sv/index.md": """---
id: front
type: front
slug: stigen
title: Stigen
heading: Gör tjänsten tillsammans
---
Lär dig metoden.

## Börja här

Läs [steg 2](guide:step-2) eller [en artikel](guide:article-whole).
""",
    "sv/guiden/index.md": """---
id: guide
type: guide
order: 1
slug: guiden
title: Guiden
---
Två steg av sex.
""",
    "sv/guiden/1-undersoka/index.md": """---
id: step-2
type: step
slug: undersoka
title: Undersöka
number: 2
external_link: https://innovationsguiden.se/
---
Ni lär er hur människor lever.

## Så gör ni

Börja med en [intervju](guide:method-interview) och märk lappen med [belägg](guide:term-evidence).

> Obs: Skriv aldrig ner personnummer.

> Exempel: Ringa in tre frågor.

> Tips: Gå två och två.

> Den som lyssnar lär sig.

```markdown
| Vem | När |
|---|---|
| Vi | Nu |
```

## Frågor att besvara
- Vad försöker människor få gjort?
- När började det?

## När ni är klara har ni
- Anteckningar från fem möten.
- En användarresa.
- En lista med antaganden.

## Vanliga misstag
- Ni tolkar medan ni lyssnar.

## En väg tillbaka
Ser ni inga mönster träffar ni fler.
""",
    "sv/guiden/1-undersoka/1-intervju.md": """---
id: method-interview
type: method
slug: intervju
title: Intervju
minutes: 60
people: 2-6
can_be_remote: false
related: [method-diary]
---
Två frågar en.

## Varför
Den som berättar minns.

## När
Innan ni bestämmer er.

## Material
- Papper
- En penna

## Gör så här
### Fråga (20 min)
Be om *senaste gången*.

### Lyssna (40 min)
Skriv

- det de gör
- det de säger.

## Arbetsblad
### Samtalet (3 kolumner)
Ett blad för varje samtal.

- **Vem** utan namn [1 bred]
- **Citat** med deras ord [4]

## Tips
- Gå vägen två gånger.

## I rummet
Sitt bredvid.

## Så att alla kan delta
Fråga vad som behövs.
""",
    "sv/guiden/1-undersoka/2-dagbok.md": """---
id: method-diary
type: method
slug: dagbok
title: Dagbok
minutes: 15
people: 3-
origin: skr
external_link: https://innovationsguiden.se/
---
Några skriver en rad om dagen.

## Varför
Vardagen syns.

## När
När det pågår i veckor.

## Förbered
Dela ut böckerna.

## Gör så här
### Skriv (15 min)
En rad.

## På distans
Ring varje fredag.
""",
    "sv/guiden/2-fokusera/index.md": """---
id: step-3
type: step
slug: fokusera
title: Fokusera
number: 3
---
Ni väljer.

## När ni är klara har ni
- En fråga.
""",
    "sv/guiden/2-fokusera/1-insikter.md": """---
id: method-insights
type: method
slug: insikter
title: Insikter
minutes: 90
people: 4
---
Från lappar till meningar.

## Varför
Lappar glöms.

## När
Efter samtalen.

## Gör så här
### Sortera (90 min)
Lägg i högar.
""",
    "sv/metoder.md": "---\nid: library\ntype: library\norder: 2\nslug: metoder\ntitle: Metoderna\n---\nVälj en övning.\n",
    "sv/fall/index.md": "---\nid: cases\ntype: cases\norder: 3\nslug: fall\ntitle: Så gjorde vi\n---\nKollegor berättar.\n",
    "sv/fall/1-elevens-resa.md": """---
id: case-pupil
type: case
slug: elevens-resa
title: Elevens resa
administration: Skolan
happened_on: 2025-08-18
---
Elva blanketter blev fyra.

## Utmaningen
För många blanketter.

## Vad vi lärde oss
Ingen visste vem som frågade.

## Vad som ändrades
De är fyra.
""",
    "sv/ordlista/index.md": "---\nid: glossary\ntype: glossary\norder: 4\nslug: ordlista\ntitle: Ordlista\n---\nOrden.\n",
    "sv/ordlista/1-belagg.md": """---
id: term-evidence
type: term
slug: belagg
title: belägg
also_called: bevis, grund
---
Det som visar att något stämmer.
""",
    "sv/forsta-dagen/index.md": """---
id: article-whole
type: article
order: 5
slug: forsta-dagen
title: Din första dag
minutes_to_read: 8
---
Två texter.
""",
    "sv/forsta-dagen/1-behov.md": """---
id: article-part
type: article
slug: behov
title: Behov
minutes_to_read: 4
---
Behov före lösningar.

## Fråga först

1. Vem
2. När
""",
    "sv/tillganglighet.md": """---
id: accessibility
type: statement
order: 6
slug: tillganglighet
title: Tillgänglighet
compliance: partial
contact_email: tillganglighet@skarvik.example
authority_name: Digg
authority_link: https://www.digg.se/tdosanmalan
assessed_by: self
assessed_on: 2026-11-02
published_on: 2026-11-16
reviewed_on: 2026-11-21
---
Alla ska kunna använda den.

## Vad redogörelsen gäller
Hela webbplatsen.

## Kända brister
- Kartan är bred.

## Rapportera en brist
Skriv till oss.

## Så har vi testat
Med tangentbord.
""",
    "en/index.md": """---
id: front
type: front
slug: stigen-en
title: Stigen
heading: Make the service together
---
Learn the method.
""",
    "en/guide/index.md": """---
id: guide
type: guide
order: 1
slug: guide
title: The guide
---
Two steps of six.
""",
    "en/guide/1-explore/index.md": """---
id: step-2
type: step
slug: explore
title: Explore
number: 2
external_link: https://innovationsguiden.se/
---
You learn how people live.

## What you do

Begin with an [interview](guide:method-interview) and mark the note with [evidence](guide:term-evidence).

> Mind: Never write down a personal number.

## Questions to answer
- What are people trying to get done?
- When did it begin?

## When you are done you have
- Notes from five meetings.
- A journey.
- A list of assumptions.

## Common mistakes
- You interpret while you listen.

## A way back
If you see no patterns, meet more people.
""",
    "en/guide/1-explore/1-interview.md": """---
id: method-interview
type: method
slug: interview
title: Interview
minutes: 60
people: 2-6
can_be_remote: false
---
Two ask one.

## Why
Whoever tells remembers.

## When
Before you decide.

## How to do it
### Ask (60 min)
About the *last time*.

## Worksheets
### The talk (3 columns)
One sheet for each talk.

- **Who** without a name [1 wide]
- **Quotation** in their words [4]
""",
    "en/glossary/index.md": "---\nid: glossary\ntype: glossary\norder: 2\nslug: glossary\ntitle: Glossary\n---\nThe words.\n",
    "en/glossary/1-evidence.md": """---
id: term-evidence
type: term
slug: evidence
title: evidence
---
What shows that something holds.
""",
}


def write_small_guide(folder: Path) -> Path:
    for name, text in SMALL_GUIDE.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return folder

"""The three journeys of the demo, word for word. Invented; no real person, school or case."""

# Evidence: a = we assume, p = staff say, m = citizens say, d = data show.
LANES = ("Det här händer", "Tänker och säger", "Kontakt med kommunen", "Det som skaver", "Idéer och möjligheter")
CURVE = "Så känns det"

PUPIL = {
    "title": "Elevens resa",
    "aim": "Förstå vad en vårdnadshavare och ett barn är med om från inbjudan till förskoleklass till övergången "
    "till mellanstadiet, och var blanketterna kan bli färre.",
    "persona": "Amina, mamma till Leo som ska börja förskoleklass",
    "phases": [
        (
            "Innan skolan",
            [
                (
                    "Brevet om skolval kommer",
                    0,
                    [
                        [
                            "m Brevet kommer en vecka före jul och blir liggande på hallbyrån.",
                            "d Fyra av tio öppnar inte länken förrän efter påminnelsen.",
                        ],
                        ["m Är det bråttom? Kan vi inte bara gå där kompisarna går?"],
                        ["p Brev i posten, samma text på webben och i appen."],
                        ["m Tre olika ord för samma sak: placering, val och plats."],
                        ["a Ett enda meddelande med sista dag överst och en knapp."],
                    ],
                ),
                (
                    "Väljer skola",
                    1,
                    [
                        [
                            "m Går på öppet hus med Leo och räknar träd på skolgården.",
                            "d Hälften av valen görs i mobilen efter klockan 20.",
                        ],
                        [
                            "m Hur långt är det att gå på egna ben?",
                            "m Grannen säger att den skolan är stökig. Stämmer det?",
                        ],
                        ["p E-tjänst med inloggning för båda vårdnadshavarna."],
                        [
                            "p Den som saknar e-legitimation får fylla i på papper och lämna in i receptionen.",
                            "m Båda måste godkänna, men den andra får inget veta.",
                        ],
                        ["m Visa gångvägen till skolan på en karta."],
                    ],
                ),
                (
                    "Får besked om plats",
                    2,
                    [
                        ["m Leo får veta vid frukosten och vill packa ryggsäcken direkt."],
                        ["m Skönt! Men när börjar det egentligen?"],
                        [
                            "d Beskedet skickas till 1 140 familjer samma förmiddag.",
                            "p Telefonerna ringer resten av dagen.",
                        ],
                        ["p Beskedet säger plats, men inte dag, tid eller klass."],
                        ["a Låt beskedet svara på de fem vanligaste frågorna."],
                    ],
                ),
            ],
        ),
        (
            "Uppstarten",
            [
                (
                    "Fyller i alla blanketter",
                    -2,
                    [
                        [
                            "d Elva blanketter, varav sju frågar efter samma telefonnummer.",
                            "m Sitter vid köksbordet till halv tolv.",
                        ],
                        ["m Det här har jag ju redan berättat för förskolan.", "m Vad händer om jag fyller i fel?"],
                        ["p Blanketterna kommer från skolan, fritids, skolhälsan, måltid och it."],
                        [
                            "p Assistenten skriver av pappren i tre system.",
                            "d 23 procent av blanketterna måste kompletteras.",
                        ],
                        [
                            "p En enda samlad uppgift som alla får läsa.",
                            "a Fyll i det vi redan vet och låt vårdnadshavaren rätta.",
                        ],
                    ],
                ),
                (
                    "Berättar om allergi och stöd",
                    -1,
                    [
                        [
                            "m Beskriver nötallergin för fjärde gången.",
                            "p Skolsköterskan ringer upp när hon hittar en lucka.",
                        ],
                        ["m Når det här fram till köket?", "m Jag vill inte att alla ska veta, bara de som behöver."],
                        ["p Läkarintyg lämnas på papper i ett kuvert."],
                        [
                            "m Ingen säger att intyget har kommit fram.",
                            "p Känsliga uppgifter skickas ibland med vanlig e-post.",
                        ],
                        ["p Säkert meddelande direkt till rätt mottagare, med kvittens."],
                    ],
                ),
                (
                    "Första skoldagen",
                    2,
                    [
                        [
                            "m Leo håller hårt i handen och släpper vid kroken med sitt namn.",
                            "p Fadderelever från fyran visar var toaletterna är.",
                        ],
                        ["m Nu är han stor. Och jag får inte fråga för mycket.", "m ”Min krok har en räv!”"],
                        ["p Läraren möter alla i dörren."],
                        ["m Vi visste inte att det fanns fika för föräldrar och gick hem."],
                        ["a Skicka en bild på kroken kvällen före."],
                    ],
                ),
            ],
        ),
        (
            "Vardagen",
            [
                (
                    "Anmäler sjukdom",
                    -1,
                    [
                        ["m Leo vaknar med feber klockan sex.", "d 9 200 anmälningar på en vanlig februarimånad."],
                        ["m Räcker det att jag säger till skolan, eller ska fritids också veta?"],
                        ["p Anmälan görs i appen till skolan och per telefon till fritids."],
                        [
                            "m Lösenordet har gått ut, just den morgonen.",
                            "p Kocken får inte veta och lagar portionen ändå.",
                        ],
                        [
                            "m En anmälan som når alla.",
                            "p Fråga om barnet är tillbaka i morgon, så slipper man anmäla igen.",
                        ],
                    ],
                ),
                (
                    "Läser veckobrevet",
                    0,
                    [
                        ["m Öppnar veckobrevet på bussen och letar efter gymnastikpåsen."],
                        ["m Det viktiga står längst ned.", "a Många läser bara första raden."],
                        [
                            "d Skolan skickar i snitt 14 meddelanden i månaden till varje hem.",
                            "p Brev, app, lapp i ryggsäcken och sms.",
                        ],
                        ["m Lärplattformen går inte att läsa på arabiska."],
                        ["m Högst tre saker att göra, överst, med datum."],
                    ],
                ),
                (
                    "Utvecklingssamtalet",
                    1,
                    [
                        [
                            "m Leo visar själv sin bok och läser en hel sida.",
                            "p Läraren förbereder sig i två timmar per barn.",
                        ],
                        ["m Hon ser verkligen mitt barn."],
                        ["p Tiden bokas på en lista på klassrumsdörren."],
                        [
                            "m Vi som bor på var sitt håll får dela på en tid.",
                            "p Tolk måste beställas två veckor före.",
                        ],
                        ["p Boka tid i mobilen, med tolk som ett kryss."],
                    ],
                ),
            ],
        ),
        (
            "När det är svårt",
            [
                (
                    "Något känns fel",
                    -2,
                    [
                        ["m Ont i magen varje söndag kväll.", "p Fritidsledaren ser det först."],
                        ["m Är det jag som är orolig, eller är det på riktigt?", "m Vem ska jag ens ringa?"],
                        ["a De flesta vänder sig till den vuxna som de redan känner."],
                        [
                            "m Skickas vidare tre gånger och berättar allt från början.",
                            "d I snitt går nio veckor från första oro till första möte.",
                        ],
                        ["m En namngiven person som håller i tråden."],
                    ],
                ),
                (
                    "Utredning och särskilt stöd",
                    -1,
                    [
                        [
                            "p Elevhälsan möts varannan torsdag.",
                            "m Får en mapp med papper och ett nytt ord: åtgärdsprogram.",
                        ],
                        ["m Vad händer nu, och när?"],
                        ["p Kallelse, samtycke, protokoll och beslut kommer i fyra brev."],
                        ["m Ingen kan säga var i kön vi är.", "p Samtycket måste skrivas under på papper av båda."],
                        ["p Visa var ärendet är, som ett paket på väg.", "a Ett möte i stället för fyra brev."],
                    ],
                ),
                (
                    "Stödet börjar fungera",
                    1,
                    [
                        ["m Leo har en egen plats, hörselkåpor och ett schema med bilder."],
                        ["m ”I dag var det lugnt.”"],
                        ["p Läraren skickar en rad varje fredag."],
                        ["p När vikarien kommer finns inget skrivet om vad som hjälper."],
                        ["p Ett kort om ”så här funkar jag” som barnet äger."],
                    ],
                ),
            ],
        ),
        (
            "Vidare",
            [
                (
                    "Övergången till fyran",
                    None,
                    [
                        ["p Överlämningssamtal i maj, om det hinns med."],
                        ["m Måste vi börja om från början nu?"],
                        ["p Uppgifterna skrivs ut, läggs i en pärm och bärs till nästa skola."],
                        ["d Vart femte stödbeslut har inte förts över när terminen börjar."],
                        ["p Låt familjen själv dela det som ska följa med."],
                    ],
                ),
            ],
        ),
    ],
}

CARE = {
    "title": "Att ansöka om hemtjänst",
    "aim": "Vad händer från att vardagen börjar kännas tung till att någon ringer på dörren första gången?",
    "persona": "Sten, 84 år, och hans dotter Karin",
    "phases": [
        (
            "Före",
            [
                (
                    "Vardagen blir tung",
                    -1,
                    [
                        ["a Sten slutar handla själv när halkan kommer."],
                        ["m Jag vill inte ligga någon till last."],
                        [],
                        ["a Ingen vet när det är dags att be om hjälp."],
                        [],
                    ],
                ),
                (
                    "Dottern letar på webben",
                    -1,
                    [
                        ["m Karin söker på lunchrasten."],
                        ["m Vad är skillnaden mellan service och omvårdnad?"],
                        ["p Tre sidor beskriver samma sak på olika sätt."],
                        [],
                        ["a Ett enkelt test: vad kan vi få hjälp med?"],
                    ],
                ),
            ],
        ),
        (
            "Under",
            [
                (
                    "Handläggaren kommer hem",
                    0,
                    [
                        ["p Samtalet tar en och en halv timme."],
                        ["m Hon satt ned och drack kaffe. Det var fint."],
                        ["p Hembesök, ibland med anhörig på telefon."],
                        ["a Sten säger att allt går bra, fast det inte gör det."],
                        [],
                    ],
                ),
                ("Väntar på beslut", None, [[], [], [], ["a Tystnaden är det svåraste."], []]),
            ],
        ),
        (
            "Efter",
            [
                (
                    "Första besöket",
                    None,
                    [["p En ny person ringer på."], [], [], [], ["a Ett kort med namn och bild dagen före."]],
                )
            ],
        ),
    ],
}

PERMIT = {
    "title": "Bygglov för altan",
    "aim": "Varför ringer så många om altaner, och vad gör att ansökan måste kompletteras?",
    "persona": "Mira och Jonas som just har köpt hus",
    "phases": [
        (
            "Före",
            [
                (
                    "Drömmen om en altan",
                    2,
                    [["m Ritar på baksidan av ett kuvert."], ["m Klart till midsommar!"], [], [], []],
                ),
                (
                    "Undrar om det krävs lov",
                    -1,
                    [
                        ["m Frågar grannen, som svarar fel."],
                        ["m Är det höjden eller ytan som räknas?"],
                        ["d Var tredje telefonfråga till bygglov gäller altaner."],
                        ["m Reglerna läses tre gånger och är ändå oklara."],
                        ["d Byggt: en guide med fyra frågor. Samtalen minskade med 38 procent."],
                    ],
                ),
            ],
        ),
        (
            "Under",
            [
                (
                    "Skickar in ansökan",
                    0,
                    [
                        ["m Fotograferar ritningen med mobilen."],
                        ["m Räcker det här?"],
                        ["p E-tjänsten tar emot tio sorters bilagor."],
                        ["d Sju av tio ansökningar saknade skalenlig ritning."],
                        ["p Byggt: exempelritningar att utgå ifrån."],
                    ],
                ),
                (
                    "Får begäran om komplettering",
                    -2,
                    [
                        ["m Brevet kommer när semestern har börjat."],
                        ["m Vad är en sektion?"],
                        ["p Brev med paragrafer."],
                        ["m Bara en sak var fel, men allt skulle skickas om."],
                        ["p Byggt: klarspråk och en bild av vad som saknas."],
                    ],
                ),
                (
                    "Får beslutet",
                    1,
                    [
                        ["d Mediantiden sjönk från sju veckor till tre."],
                        ["m Äntligen!"],
                        ["p Beslut i e-tjänsten och som brev."],
                        [],
                        [],
                    ],
                ),
            ],
        ),
        (
            "Efter",
            [
                (
                    "Slutbeskedet",
                    1,
                    [
                        ["m Skickar in en bild på den färdiga altanen."],
                        ["m Ska man verkligen få ta en öl här innan beskedet kommit?"],
                        ["p Påminnelse efter ett år."],
                        ["p Hälften glömde att begära slutbesked."],
                        ["p Byggt: påminnelse med knappen ”Jag är klar”."],
                    ],
                )
            ],
        ),
    ],
}

"""Names to put together by chance: nobody meant, every origin that works in a Swedish municipality."""

import random
import unicodedata

GIVEN = """
Åsa Örjan Märta Göran Björn Håkan Sölve Ängla Tove René André Linnéa Desirée Zoé Agneta Alva Anders Anette Anna Anton
Arvid Astrid Axel Barbro Bengt Birgitta Bo Britta Cecilia Christer Clara Daniel David Ebba Edit Edvin Eleonor Elin
Elis Elsa Emma Erik Ester Eva Felicia Filip Folke Freja Frida Gabriel Gerd Greta Gunilla Gustav Hanna Hedda Helena
Henrik Hugo Ida Inga Ingemar Ingrid Isak Jenny Jesper Joakim Johanna Jonas Josefin Jörgen Kajsa Karin Katarina Kerstin
Klara Kristoffer Lars Leif Lena Lennart Lisbet Lovisa Lukas Magnus Maja Malin Marcus Margareta Maria Marianne Mattias
Mikael Moa Monika Nils Nina Olof Oskar Patrik Per Petra Pia Pontus Ragnhild Rasmus Rebecka Rickard Robin Roland Saga
Sara Signe Simon Siv Sofia Solveig Stefan Stig Sven Tilda Tobias Tomas Torbjörn Tuva Ulla Ulrika Urban Vera Viktor
Vilma Aino Eero Kaisa Jukka Päivi Sámmol Ánte Máret Amir Samira Yusuf Leyla Farid Nasrin Shirin Reza Kaveh Parisa Omar
Fatima Hassan Mariam Khalid Rania Zahra Ibrahim Hodan Abdi Ayaan Ifrah Selam Yonas Samuel Feven Amina Emina Goran
Jasna Mirela Nermin Zoran Dragana Katarzyna Piotr Agnieszka Wojciech Oksana Taras Irina Dmitrij Ngoc Thuy Minh Somchai
Malee Priya Arjun Mei Jian Carlos Ximena Lucía João Chiara Dilan Rojda Berivan Azad Elif Mehmet
""".split()  # noqa: SIM905 - reads better than three hundred lines

FAMILY = """
Åberg Åkerblom Ålander Åslund Ängström Ärlebäck Öberg Öhlén Öman Österdal Ahlén Almkvist Alvarsson Andersson Apelgren
Arvidsson Asker Backe Berg Bergqvist Björkman Blixt Blomdahl Boström Brodin Byström Bäckman Börjesson Carlsten Dahlbom
Dalman Edvall Ek Ekdahl Elgh Eliasson Enström Eriksson Fagerlund Falkman Forsell Fransson Frisk Furuvik Gran Granath
Grönlund Gunnarsson Gyllén Göransson Hagberg Hallgren Hammar Hedlund Hellström Hilmersson Holmqvist Hägg Häggblad
Höglund Ingvarsson Isaksson Jakobsson Jansson Jernberg Johansson Jonasson Jönsson Karlsson Kihlman Kjellén Klint
Kullberg Källman Kärrby Lagerstedt Lantz Larsson Ledin Lilja Lindahl Lindé Lindqvist Ljung Ljungvall Lund Lundmark
Lövgren Magnusson Malm Mattsson Molin Månsson Möller Nilsson Nordahl Norling Nyberg Nyström Näslund Olofsson Palmér
Persson Pettersson Quist Ramstedt Rask Renström Ringdal Rosell Rydén Rönnmark Sahlin Samuelsson Sandell Sjöblom
Sjöqvist Skarp Skoglund Skärman Sköld Stenmark Strandell Ståhl Sundkvist Svensson Säfström Söderlind Tallberg Thorén
Tingvall Tjäder Torstensson Törnblad Ulander Uvemark Vallgren Vestin Vikman Vinge Wahlén Wallström Wennberg Westerdahl
Wikander Zetterlund Virtanen Korhonen Niemelä Hyvönen Sarri Kuhmunen Rahimi Hosseini Karimi Tehrani Haddad Al-Masri
Khoury Nasser Saleh Mansour Warsame Hersi Guled Farah Tesfay Haile Ghebre Kovačević Hodžić Begić Marković Petrović
Kowalczyk Wiśniewska Zielińska Nowak Shevchenko Melnyk Ivanova Nguyen Tran Saetang Chaiya Sharma Patel Zhang Lin
Fernández Ibáñez Gonçalves Rossi Demir Yıldız Aydın Çelik Barzani Şahin
""".split()  # noqa: SIM905 - reads better than three hundred lines

# Holds every list, badge and certificate to what people are really called.
LONGEST = ("Karl-Fredrik Maximilian Emanuel", "Stjärnhjelm-Österberggren von Skärvik-Västermalmsudde")

_SPELT = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae"})


def draw_name(chance: random.Random) -> tuple[str, str]:
    """A given and a family name; now and then a double one."""
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    if chance.random() < 0.05:
        given = f"{given}-{chance.choice(GIVEN)}"
    if chance.random() < 0.06:
        family = f"{family} {chance.choice(FAMILY)}"
    return given, family


def address_part(name: str) -> str:
    """The name as an address spells it: no accents, no spaces."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_SPELT)).encode("ascii", "ignore").decode()
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())

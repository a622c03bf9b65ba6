#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A receiver's log of NMEA sentences (!AIVDM) as a table that plimsoll --ais reads. Decoding is libais' (Debian: python3-ais).

scripts/ais_from_nmea.py log.nmea [log.nmea ...] > log.csv        - is standard input, .gz is unpacked

AIS messages carry no date. The log must: a tag block before the sentence (\\c:1695879361*..\\!AIVDM,..., seconds or milliseconds), or
seconds since 1970 behind it (!AIVDM,...*5C,station,1695879361). Sentences without a time, with a wrong checksum or of no message that
can be read are counted and left out. Name, size and draught come in messages of their own: each position gets those that were heard
last before it, so the first positions of a ship may have none."""
import csv
import datetime
import gzip
import re
import sys

try:
    import ais
except ImportError:
    sys.exit("ais_from_nmea.py: wants libais: apt-get install python3-ais")

COLUMNS = ["MMSI", "BaseDateTime", "LAT", "LON", "SOG", "COG", "Heading", "VesselName", "IMO", "CallSign", "VesselType", "Status", "Length", "Width",
           "Draft", "Cargo", "TransceiverClass", "A", "B", "C", "D"]
SENTENCE = re.compile(r"!([A-Z]{2}VD[MO],(\d),(\d),(\d*),([AB12]?),([0-W`-w]*),([0-5]))\*([0-9A-Fa-f]{2})((?:,[^,]*)*)\s*$")
TAG_TIME = re.compile(r"\\[^\\]*\bc:(\d{9,13})\b[^\\]*\\")
PARTS_MOST = 64  # messages whose other part has not come yet


def checksum(text):
    value = 0
    for letter in text.encode():
        value ^= letter
    return value


def time_of(line, behind):
    """Seconds since 1970, None: the line does not tell."""
    tag = TAG_TIME.search(line)
    if tag:
        seconds = float(tag[1])
        return seconds / 1000 if seconds > 1e11 else seconds
    last = behind.strip().rsplit(",", 1)[-1]
    return float(last) if re.fullmatch(r"\d{9,10}", last) else None


class Log:
    def __init__(self, out):
        self.out = csv.writer(out, lineterminator="\n")
        self.out.writerow(COLUMNS)
        self.ships, self.parts = {}, {}
        self.rows = self.timeless = self.unreadable = 0

    def line(self, text):
        found = SENTENCE.search(text)
        if not found:
            self.unreadable += "!" in text
            return
        body, count, index, sequence, channel, payload, fill, check, behind = found.groups()
        if checksum(body) != int(check, 16):
            self.unreadable += 1
            return
        self.part(int(count), int(index), (sequence, channel), payload, int(fill), time_of(text, behind))

    def part(self, count, index, key, payload, fill, time):
        if count > 1:
            first = self.parts.pop(key, None)
            if index == 1:
                while len(self.parts) >= PARTS_MOST:
                    self.parts.pop(next(iter(self.parts)))
                self.parts[key] = (1, count, payload, time)
                return
            if not first or first[0] + 1 != index or first[1] != count:
                self.unreadable += 1
                return
            payload, time = first[2] + payload, first[3] if first[3] is not None else time
            if index < count:
                self.parts[key] = (index, count, payload, time)
                return
        try:
            message = ais.decode(payload, fill)
        except ais.DecodeError:
            self.unreadable += 1
            return
        self.message(message, time)

    def message(self, m, time):
        ship = self.ships.setdefault(m["mmsi"], {})
        if "name" in m:
            ship["name"] = m["name"].rstrip("@ ")
        ship.update({key: m[key] for key in ("imo_num", "dim_a", "dim_b", "dim_c", "dim_d", "draught", "type_and_cargo", "callsign") if key in m})
        if m["id"] not in (1, 2, 3, 18, 19, 27):
            return
        if time is None:
            self.timeless += 1
            return
        a, b, c, d = (ship.get(key, 0) for key in ("dim_a", "dim_b", "dim_c", "dim_d"))
        heading = m.get("true_heading", 511)
        moment = datetime.datetime.fromtimestamp(round(time), datetime.timezone.utc)
        self.out.writerow([f"{m['mmsi']:09d}", f"{moment:%Y-%m-%dT%H:%M:%S}", f"{m['y']:.6f}", f"{m['x']:.6f}", f"{m['sog']:.1f}", f"{m['cog']:.1f}", heading,
                           ship.get("name", ""), f"IMO{ship['imo_num']}" if ship.get("imo_num") else "", ship.get("callsign", "").strip("@ "),
                           ship.get("type_and_cargo", ""), m.get("nav_status", ""), a + b or "", c + d or "",
                           f"{ship['draught']:.1f}" if ship.get("draught") else "", "", "B" if m["id"] in (18, 19) else "A", a, b, c, d])
        self.rows += 1


def main():
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    log = Log(sys.stdout)
    for name in sys.argv[1:]:
        opener = gzip.open if name.endswith(".gz") else open
        with sys.stdin if name == "-" else opener(name, "rt", encoding="ascii", errors="replace") as file:
            for text in file:
                log.line(text[:4096])
    print(f"ais_from_nmea.py: {log.rows} positions of {len(log.ships)} stations; {log.timeless} without a time and {log.unreadable} unreadable left out", file=sys.stderr)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""Is a ship named by what AIS says of her, and only she; is a silent one called so only where she would have been heard; and does the
table do no harm? Tables are made by hand round a sample and round drawn pictures, in the layouts of NOAA and of the Danes."""
import datetime
import gzip
import json
import math
import os
import subprocess
import sys
import unittest

from door import SAMPLES, TOP, Door

LADEN = os.path.join(SAMPLES, "laden.tif")  # 85.0 x 13.0 m, heading 318.5, draft 5.49 m (samples/truth.csv)
TIME = datetime.datetime(2023, 9, 28, 5, 36, 2)
LAT, LON, HEADING = 42.6911052, 133.1178871, 318.5
NOAA = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass"
NOAA_NEW = "mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,status,length,width,draft,cargo,transceiver"
DANISH = ("# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,Ship type,Cargo type,"
          "Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type,A,B,C,D")
HEAD = "imo,name,quantity,value,sigma,source,date\n"


def moved(place, east, north):
    lat, lon = place
    return lat + north / 110574, lon + east / (111320 * math.cos(math.radians(lat)))


def ship(mmsi, place, minutes=range(-180, 181, 3), knots=0.0, course=360.0, heading=511, name="", imo="", length="", beam="", draught="",
         kind="A", bow="", stern="", left="", right="", time=TIME):
    """Messages of one ship: place is where she is at the time; she goes straight."""
    rows = []
    for minute in minutes:
        way = knots * 1852 / 60 * minute
        lat, lon = moved(place, way * math.sin(math.radians(course)), way * math.cos(math.radians(course)))
        lon = (lon + 180) % 360 - 180
        rows.append(dict(at=time + datetime.timedelta(minutes=minute), mmsi=mmsi, lat=lat, lon=lon, knots=knots, course=course, heading=heading,
                         name=name, imo=imo, length=length, beam=beam, draught=draught, kind=kind, bow=bow, stern=stern, left=left, right=right))
    return rows


def table(*ships, layout=NOAA):
    lines = [layout]
    for r in sorted(sum(ships, []), key=lambda row: row["at"]):
        if layout == NOAA:
            lines.append("{mmsi},{at:%Y-%m-%dT%H:%M:%S},{lat:.5f},{lon:.5f},{knots:.1f},{course:.1f},{heading},{name},{imo},,80,5,{length},{beam},"
                         "{draught},,{kind}".format(**r))
        elif layout == NOAA_NEW:
            lines.append("{mmsi},{at:%Y-%m-%d %H:%M:%S},{lon:.5f},{lat:.5f},{knots:.1f},{course:.1f},{heading},{name},{imo},,80,5,{length},{beam},"
                         "{draught},,{kind}".format(**r))
        else:
            lines.append("{at:%d/%m/%Y %H:%M:%S},Class {kind},{mmsi},{lat:.6f},{lon:.6f},Moored,,{knots:.1f},{course:.1f},{heading},{imo},,{name},Tanker,,"
                         "{beam},{length},GPS,{draught},,,AIS,{bow},{stern},{left},{right}".format(**r))
    return "\n".join(lines) + "\n"


HULL = (LAT, LON)
AFT = moved(HULL, -30 * math.sin(math.radians(HEADING)) + 4, -30 * math.cos(math.radians(HEADING)) - 3)  # over the bridge, and 5 m of error
FAR = moved(HULL, 3000, -1000)


def own(**changes):
    """The ship of the sample."""
    return ship(273000001, **{**dict(place=AFT, name="EXAMPLE", imo="IMO9074729", length=85, beam=13, draught=5.5, heading=319), **changes})


OTHER = ship(273000003, FAR, name="ANCHORED", length=120, beam=18)


def bits(value, count):
    return format(value & ((1 << count) - 1), f"0{count}b")


def letters(text, count):
    return "".join(bits(ord(c) - 64 if ord(c) >= 64 else ord(c), 6) for c in (text + "@" * count)[:count])


def sentences(message):
    """A message's bits as NMEA sentences of at most 56 letters (ITU-R M.1371, IEC 61162-1)."""
    fill = -len(message) % 6
    message += "0" * fill
    values = [int(message[k:k + 6], 2) for k in range(0, len(message), 6)]
    payload = "".join(chr(v + 48 if v < 40 else v + 56) for v in values)
    parts = [payload[k:k + 56] for k in range(0, len(payload), 56)]
    for k, part in enumerate(parts):
        body = f"AIVDM,{len(parts)},{k + 1},{'3' if len(parts) > 1 else ''},A,{part},{fill if k + 1 == len(parts) else 0}"
        check = 0
        for byte in body.encode():
            check ^= byte
        yield f"!{body}*{check:02X}"


def position(mmsi, lat, lon):
    return (bits(1, 6) + bits(0, 2) + bits(mmsi, 30) + bits(5, 4) + bits(-128, 8) + bits(0, 10) + bits(1, 1) + bits(round(lon * 600000), 28) +
            bits(round(lat * 600000), 27) + bits(3600, 12) + bits(319, 9) + bits(2, 6) + bits(0, 25))


def particulars(mmsi):
    return (bits(5, 6) + bits(0, 2) + bits(mmsi, 30) + bits(0, 2) + bits(9074729, 30) + letters("UXYZ", 7) + letters("EXAMPLE", 20) + bits(80, 8) + bits(72, 9) +
            bits(13, 9) + bits(6, 6) + bits(7, 6) + bits(1, 4) + bits(0, 20) + bits(55, 8) + letters("NAMPO", 20) + bits(0, 2))


class Ais(Door):
    def collection(self, *words, warning=""):
        code, out, err = self.run_it(*words, "--format", "geojson")
        self.assertEqual(code, 0, err)
        if warning:
            self.assertIn(warning, err)
        else:
            self.assertEqual(err, "")
        return json.loads(out)

    def ask(self, text, *words, command="measure", picture=LADEN, warning=""):
        """(the only hull's properties, the record's part on AIS)"""
        got = self.collection(command, picture, "--ais", self.write("ais.csv", text), *words, warning=warning)
        self.assertEqual(len(got["features"]), 1)
        return got["features"][0]["properties"], got["plimsoll:scene"]["ais"]

    def sights(self, record):
        return {each["name"]: each["sight"] for each in record["ships"]}

    def test_named(self):
        for layout, publisher in ((NOAA, "noaa"), (NOAA_NEW, "noaa"), (DANISH, "dma")):
            row, record = self.ask(table(own(), OTHER, layout=layout))
            self.assertEqual((row["vessel_name"], row["vessel_imo"], row["vessel_source"]), ("EXAMPLE", "9074729", "AIS"))
            self.assertEqual((row["ais_status"], row["ais_dark"], row["ais_mmsi"]), ("matched", False, "273000001"))
            self.assertEqual((row["ais_length_m"], row["ais_beam_m"], row["ais_draught_m"]), (85, 13, 5.5))
            self.assertEqual((row["ais_ship_type"], row["ais_speed_m_s"]), ("tanker", 0))
            self.assertGreater(row["ais_probability"], 0.99)
            self.assertLess(row["ais_gap_s"], 1)
            self.assertAlmostEqual(row["ais_draught_excess_m"], 5.5 - row["draft_m"], delta=0.01)
            sigma = math.hypot(row["draft_sigma_m"], row["ais_draught_sigma_m"])
            self.assertAlmostEqual(row["ais_draught_z"], row["ais_draught_excess_m"] / sigma, delta=0.02)
            self.assertEqual((record["publisher"], record["rows"], record["rows_unreadable"], record["ships_heard"]), (publisher, 242, 0, 2))
            self.assertEqual(self.sights(record), {"EXAMPLE": "seen"})  # the other one lies outside the picture
            self.assertEqual(record["ships"][0]["hull_id"], row["id"])

    def test_nothing_measured_is_changed(self):
        plain = self.collection("measure", LADEN)["features"][0]["properties"]
        self.assertTrue(all(plain[name] is None for name in plain if name.startswith("ais_")))
        row, _ = self.ask(table(own(draught=9.9), OTHER))
        for name, value in plain.items():
            if not name.startswith(("ais_", "vessel_")):
                self.assertEqual(row[name], value, name)
        self.assertGreater(row["ais_draught_z"], 3)  # stale, or the wrong ship's: told, no more

    def test_antenna(self):
        """Where the antenna stands is told: the distance is what is left, the 5 m."""
        row, _ = self.ask(table(own(bow=72, stern=13, left=6, right=7), OTHER, layout=DANISH))
        self.assertAlmostEqual(row["ais_distance_m"], 5, delta=2)

    def test_dark(self):
        dark = (None, None, None)
        row, record = self.ask(table(OTHER))
        self.assertEqual((row["ais_status"], row["ais_dark"], row["vessel_name"], row["ais_mmsi"], row["vessel_source"]), ("none_heard", True) + dark)
        self.assertEqual(record["ships"], [])
        for silence in (ship(273000003, FAR, minutes=(-2, -1, 0, 1, 2)),  # a satellite that passes
                        ship(273000003, FAR, kind="B"),  # boats switch off
                        ship(273000003, moved(HULL, 15000, 0)),  # 15 km away
                        ship(273000003, FAR, minutes=range(20, 180, 3))):  # the receiver was off
            row, _ = self.ask(table(silence))
            self.assertEqual((row["ais_status"], row["ais_dark"]), ("not_covered", None))
        row, _ = self.ask(table(OTHER, own(minutes=range(-180, -40, 3))))  # she stopped speaking 40 minutes before
        self.assertEqual((row["ais_status"], row["ais_dark"], row["vessel_name"]), ("nearby", None, None))
        row, _ = self.ask(NOAA + "\n", warning="no position within 6 h and 20 km")
        self.assertEqual((row["ais_status"], row["ais_dark"]), ("not_covered", None))

    def test_told_and_not_seen(self):
        ghost = ship(273000002, moved(HULL, -90, -90), name="GHOST", length=60, beam=10)
        yacht = ship(273000004, moved(HULL, 100, 100), name="YACHT", length=12, beam=4, kind="B")
        edge = ship(273000005, moved(HULL, -170, 0), name="EDGE", length=90, beam=14)
        leaps = [dict(r, lat=r["lat"] + (0.1 if k % 2 else 0)) for k, r in enumerate(ship(273000006, moved(HULL, 50, -120), minutes=range(-60, 61, 1),
                                                                                        name="TWICE", length=60, beam=10))]
        row, record = self.ask(table(own(), ghost, yacht, edge, leaps, OTHER), warning="1 ship is told where open water is seen: GHOST (MMSI 273000002)")
        self.assertEqual(row["vessel_name"], "EXAMPLE")
        self.assertEqual(self.sights(record), {"EXAMPLE": "seen", "GHOST": "not_seen", "YACHT": "too_small", "EDGE": "not_looked", "TWICE": "leaps"})
        for each in record["ships"]:
            self.assertEqual(each["hull_id"], row["id"] if each["name"] == "EXAMPLE" else None)

    def test_another_ship(self):
        plain = self.collection("measure", LADEN)["features"][0]["properties"]
        row, record = self.ask(table(own(length=180, beam=30), OTHER))
        self.assertIn(row["ais_status"], ("size_differs", "ambiguous"))
        self.assertEqual((row["ais_dark"], row["vessel_name"], row["status"]), (None, None, plain["status"]))
        self.assertEqual(self.sights(record), {"EXAMPLE": "unsure"})
        twin = ship(273000009, AFT, name="TWIN", length=85, beam=13, heading=319)  # two that say the same
        row, _ = self.ask(table(own(), twin, OTHER))
        self.assertEqual((row["ais_status"], row["vessel_name"]), ("ambiguous", None))

    def test_registry(self):
        def registry(**values):
            return self.write("own.csv", HEAD + "".join(f"9074729,REGISTERED,{key},{value},,a test,2026-11\n" for key, value in values.items()))
        known = registry(loa_m=85, beam_m=13, dwt_t=3100, depth_m=6.6)
        row, _ = self.ask(table(own(), OTHER), "--vessels", known)
        self.assertEqual((row["vessel_name"], row["vessel_source"], row["depth_source"]), ("EXAMPLE", "AIS", "registry"))
        self.assertAlmostEqual(row["depth_m"], 6.6, delta=0.02)
        self.assertLess(abs(row["ais_draught_z"]), 2.5)
        larger = registry(loa_m=125, beam_m=19, dwt_t=9000, depth_m=9.6)  # the register does not agree with the picture
        row, _ = self.ask(table(own(), OTHER), "--vessels", larger)
        self.assertEqual((row["vessel_name"], row["depth_source"]), ("EXAMPLE", "regression"))
        self.assertNotIn("vessel_mismatch", row["reasons"])
        row, _ = self.ask(table(own(), OTHER), "--vessel", "9074729", "--vessels", registry(loa_m=85, beam_m=13))  # an analyst's word comes first
        self.assertEqual((row["vessel_name"], row["vessel_source"], row["ais_status"]), ("REGISTERED", "registry", "matched"))

    def drawn(self, name, *words):
        path = self.path(name)
        code, _, err = self.run_it("synth", "--length", "90", "--beam", "14", "--freeboard", "3", "--heading", "60", "--seed", "11", "-o", path, *words)
        self.assertEqual(code, 0, err)
        with open(path.replace(".tif", ".json"), encoding="utf-8") as file:
            time = json.load(file)["properties"]["datetime"]
        return path, datetime.datetime.fromisoformat(time.replace("Z", "")).replace(microsecond=0)

    def test_moving(self):
        """Ten knots: two minutes before she was 600 m away, where another ship is now. (Drawn without
        her wake, which the outline would be in doubt about.)"""
        place = (42.69, 133.12)
        picture, time = self.drawn("moving.tif", "--lat", "42.69", "--lon", "133.12")
        mine = ship(273000001, place, minutes=range(-61, 60, 4), knots=10, course=60, heading=60, name="MOVING", length=90, beam=14, time=time)
        follower = ship(273000002, moved(place, -600, -346), minutes=range(-61, 60, 4), knots=10, course=60, heading=60, name="FOLLOWER", length=90,
                        beam=14, time=time)
        row, _ = self.ask(table(mine, follower), command="hulls", picture=picture)
        self.assertEqual((row["vessel_name"], row["ais_gap_s"]), ("MOVING", row["ais_gap_s"]))
        self.assertTrue(59 <= row["ais_gap_s"] <= 61)
        row, _ = self.ask(table(follower), command="hulls", picture=picture)
        self.assertNotEqual(row["ais_status"], "matched")

    def test_antimeridian(self):
        place = (52.0, 179.9999)
        picture, time = self.drawn("far.tif", "--lat", "52", "--lon", "179.9999", "--epsg", "32660")
        mine = ship(273000001, moved(place, 20, 0), heading=60, name="MINE", length=90, beam=14, time=time)  # beyond it: -179.9997
        self.assertLess(mine[0]["lon"], -179)
        row, record = self.ask(table(mine), command="hulls", picture=picture)
        self.assertEqual((row["vessel_name"], self.sights(record)), ("MINE", {"MINE": "seen"}))

    def test_hostile(self):
        bad = ["", "273000001", "273000001,2023-09-28T05:36:02,91.0,181.0,,,,,,,,,,,,,A", "273000001,2023-09-28T05:36:02,nan,inf,,,,,,,,,,,,,A",
               "273000001,2023-09-31T05:36:02,42.7,133.1,,,,,,,,,,,,,A", '273000001,2023-09-28T05:36:02,42.7,133.1,,,,"open,,,,,,,,,A', "x" * 100000,
               "99999999999999,2023-09-28T05:36:02,42.7,133.1,,,,,,,,,,,,,A", "273000001\0,2023-09-28T05:36:02,42.7,133.1,,,,,,,,,,,,,A"]
        text = table(own(), OTHER) + "\n".join(bad) + "\n" + NOAA + "\n"
        row, record = self.ask(text, warning="9 of 251 rows have no readable time, place or MMSI")
        self.assertEqual((row["vessel_name"], record["rows"], record["rows_unreadable"]), ("EXAMPLE", 251, 9))
        row, _ = self.ask(table(own(imo="IMO9074728", name="=cmd|'/c calc'!A0", draught="1e9", length="-85", beam="0x0D"), OTHER))
        self.assertEqual((row["vessel_name"], row["vessel_imo"], row["ais_draught_m"], row["ais_length_m"]), ("=cmd|'/c calc'!A0", None, None, None))
        code, out, _ = self.run_it("measure", LADEN, "--ais", self.path("ais.csv"), "--format", "csv")
        self.assertEqual(code, 0)
        self.assertIn("'=cmd|", out)  # no formula
        for content, words in (("", "no table of AIS messages"), ("a,b,c\n", "no table of AIS messages"), (b"\0\xff\x1f\x8b" * 999, "no table of AIS messages")):
            self.complains(3, words, "measure", LADEN, "--ais", self.write("none.csv", content))
        self.complains(3, "nowhere.csv: No such file", "measure", LADEN, "--ais", "nowhere.csv")
        self.complains(2, "copy it to this machine", "measure", LADEN, "--ais", "https://example.org/ais.csv")

    def test_several_files(self):
        packed = self.path("after.csv.gz")
        with gzip.open(packed, "wt") as file:
            file.write(table(own(minutes=range(3, 180, 3)), layout=DANISH))
        before = self.write("before.csv", table(own(minutes=range(-180, 0, 3))))
        got = self.collection("measure", LADEN, "--ais", before, "--ais", packed)
        row, record = got["features"][0]["properties"], got["plimsoll:scene"]["ais"]
        self.assertEqual((row["vessel_name"], row["ais_gap_s"] // 1), ("EXAMPLE", 180 - 1 if row["ais_gap_s"] < 180 else 180))
        self.assertEqual([each["name"] for each in record["files"]], ["before.csv", "after.csv.gz"])
        self.assertEqual({len(each["sha256"]) for each in record["files"]}, {64})
        self.assertEqual(sorted(os.listdir(self.home)), ["after.csv.gz", "before.csv"])  # nothing is left beside them

    def test_nmea(self):
        """A receiver's log, with times in tag blocks or behind the sentences, becomes a table."""
        tool = os.path.join(TOP, "scripts", "ais_from_nmea.py")
        if subprocess.run([sys.executable, "-c", "import ais"], check=False, capture_output=True).returncode:
            self.skipTest("no libais (python3-ais)")
        begin = int(TIME.replace(tzinfo=datetime.timezone.utc).timestamp())
        log = [f"\\\\g:1-2-7,c:{begin}*00\\\\" + list(sentences(particulars(273000001)))[0], list(sentences(particulars(273000001)))[1]]
        for minute in range(-60, 61, 3):
            line, seconds = next(sentences(position(273000001, *AFT))), begin + 60 * minute
            log.append(f"\\\\s:x,c:{1000 * seconds}*00\\\\{line}" if minute % 2 else f"{line},r003,{seconds}")
        line = next(sentences(position(273000001, 42.0, 133.0)))
        log += [line, line[:-2] + "00", "!AIVDM,noise", "noise"]  # no time; wrong checksum; no sentence; no NMEA
        run = subprocess.run([sys.executable, "-B", tool, self.write("log.nmea", "\n".join(log))], check=True, capture_output=True, text=True)
        self.assertIn("41 positions of 1 stations; 1 without a time and 2 unreadable left out", run.stderr)
        row, record = self.ask(run.stdout)
        self.assertEqual((row["vessel_name"], row["vessel_imo"], row["ais_length_m"], row["ais_draught_m"]), ("EXAMPLE", "9074729", 85, 5.5))
        self.assertAlmostEqual(row["ais_distance_m"], 5, delta=2)  # A and B are in it
        self.assertEqual(record["rows"], 41)

    def test_batch(self):
        """Another table is another key; the same is not; rows are made again with it."""
        text = self.write("ais.csv", table(own(), OTHER))
        words = ("batch", LADEN, "-o", "r.gpkg", "--ais", text)

        def kept():
            code, _, err = self.run_it(*words)
            self.assertEqual(code, 0, err)
            return "done before, and nothing has changed" in err
        first, again = kept(), kept()
        self.assertEqual((first, again), (False, True))
        self.assertEqual(self.run_it("batch", "--verify", "r.gpkg")[0], 0)
        self.write("ais.csv", table(OTHER))
        self.assertFalse(kept())
        code, out, err = self.run_it("batch", "--verify", "r.gpkg")
        self.assertEqual(code, 0, out + err)

    def test_unsure_time(self):
        """Local time taken for UTC: the sun is not where it should be, and ships were elsewhere."""
        picture = self.sample("local", lambda item: item["properties"].update(datetime="2023-09-28T07:36:01Z"))
        row, _ = self.ask(table(own(), OTHER), picture=picture, warning="AIS: not asked")
        self.assertEqual((row["ais_status"], row["ais_dark"], row["vessel_name"]), ("unplaced", None, None))

    def test_no_time(self):
        picture = self.sample("timeless", lambda item: item["properties"].update(datetime=None))
        row, _ = self.ask(table(own(), OTHER), picture=picture, warning="AIS: not asked")
        self.assertEqual((row["ais_status"], row["ais_dark"], row["vessel_name"]), ("unplaced", None, None))


if __name__ == "__main__":
    unittest.main()

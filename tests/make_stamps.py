#!/usr/bin/python3
"""Writes tests/stamps.h: stamps as programs write them, and the instants they mean by Python's datetime and zoneinfo.

    tests/make_stamps.py > tests/stamps.h

The same on every run; it needs Python 3.9 and the tz database. Nothing runs it during a build.
"""
import random
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
# Zones, and the years whose rules for them will not change any more.
ZONES = {"UTC": (1975, 2099), "Asia/Seoul": (1975, 2025), "Europe/Berlin": (1975, 2025), "America/New_York": (1975, 2025),
         "Australia/Lord_Howe": (1985, 2025), "Asia/Kolkata": (1975, 2025), "America/St_Johns": (1975, 2025),
         "Asia/Kathmandu": (1975, 2025), "Pacific/Chatham": (1975, 2025), "Africa/Casablanca": (1975, 2025)}
# Year-less stamps were written by then, and may be a day late.
REFERENCE = datetime(2025, 10, 9, 15, 0, 0, tzinfo=timezone.utc)
# Zone and day on which clocks are put forward or back.
CHANGES = [
    ("Europe/Berlin", (2025, 3, 30)), ("Europe/Berlin", (2025, 10, 26)), ("America/New_York", (2025, 3, 9)),
    ("America/New_York", (2025, 11, 2)), ("Australia/Lord_Howe", (2025, 10, 5)), ("Australia/Lord_Howe", (2025, 4, 6)),
    ("Pacific/Chatham", (2025, 4, 6)), ("Europe/Berlin", (1981, 9, 27)), ("America/St_Johns", (1988, 10, 30)),
]
BACK = [("Europe/Berlin", (2025, 10, 26)), ("America/New_York", (2025, 11, 2)), ("Australia/Lord_Howe", (2025, 4, 6)),
        ("Pacific/Chatham", (2025, 4, 6)), ("Europe/Berlin", (1999, 10, 31))]


def ns(t, fraction):
    """Nanoseconds since the epoch of an aware datetime without a fraction, and the digits of its fraction."""
    d = t.astimezone(timezone.utc) - EPOCH
    return (d.days * 86400 + d.seconds) * 10**9 + int((fraction + "0" * 9)[:9])


def offset_text(minutes, colon):
    sign, minutes = "-" if minutes < 0 else "+", abs(minutes)
    return f"{sign}{minutes // 60:02}{':' if colon else ''}{minutes % 60:02}"


def local(t, zone):
    return t.replace(tzinfo=ZoneInfo(zone))


# Each form: text, zone of the text (None: local), digits of the fraction that are written.

def iso(sep, point, colon_zone, digits):
    def form(t, fraction, offset):
        text = t.strftime(f"%Y-%m-%d{sep}%H:%M:%S").zfill(19)
        text += point + fraction[:digits] if digits else ""
        if colon_zone is not None:
            text += offset_text(offset, colon_zone)
        return text, offset if colon_zone is not None else None, fraction[:digits]
    return form


def utc(suffix, point, digits):
    def form(t, fraction, offset):
        text = t.strftime("%Y-%m-%dT%H:%M:%S") + (point + fraction[:digits] if digits else "") + suffix
        return text, 0, fraction[:digits]
    return form


def slashes(t, fraction, offset):
    return t.strftime("%Y/%m/%d %H:%M:%S"), None, ""


def minute_only(t, fraction, offset):
    return t.strftime("%Y-%m-%d %H:%M"), None, ""


def apache(t, fraction, offset):
    return f"{t.day:02}/{MONTHS[t.month - 1]}/{t.year}:{t:%H:%M:%S} {offset_text(offset, False)}", offset, ""


def runserver(t, fraction, offset):
    return f"{t.day:02}/{MONTHS[t.month - 1]}/{t.year} {t:%H:%M:%S}", None, ""


def gunicorn(t, fraction, offset):
    return f"{t:%Y-%m-%d %H:%M:%S} {offset_text(offset, False)}", offset, ""


def redis(t, fraction, offset):
    return f"{t.day:02} {MONTHS[t.month - 1]} {t.year} {t:%H:%M:%S}.{fraction[:3]}", None, fraction[:3]


def ctime(t, fraction, offset):
    return f"{DAYS[t.weekday()]} {MONTHS[t.month - 1]} {t.day:2} {t:%H:%M:%S} {t.year}", None, ""


def http(t, fraction, offset):
    return f"{DAYS[t.weekday()]}, {t.day:02} {MONTHS[t.month - 1]} {t.year} {t:%H:%M:%S} GMT", 0, ""


FORMS = [
    iso(" ", ",", None, 3), iso(" ", ".", None, 3), iso("T", ".", None, 6), iso("T", ".", None, 9), iso(" ", "", None, 0),
    iso("T", ".", True, 3), iso("T", ".", False, 6), iso("T", "", True, 0), iso(" ", ",", True, 1),
    utc("Z", ".", 6), utc("Z", "", 0), utc(" UTC", ".", 3), utc(" GMT", "", 0), utc("Z", ",", 9),
    slashes, minute_only, apache, runserver, gunicorn, redis, ctime, http,
]


def row(zone, text, value):
    return f'\t{{ "{zone}", "{text}", INT64_C({value}) }},'


def stamp(form, t, fraction, offset, zone):
    """The row of one stamp; a local time that occurs twice is the first, a skipped one counts on from before."""
    text, written, digits = form(t, fraction, offset)
    if form is minute_only:
        t = t.replace(second=0)
    zoned = local(t, zone) if written is None else t.replace(tzinfo=timezone(timedelta(minutes=written)))
    return row(zone, text, ns(zoned, digits))


def ordinary(r):
    for zone, (first, last) in ZONES.items():
        for form in FORMS:
            t = datetime(first, 1, 1) + timedelta(seconds=r.randrange((last - first) * 365 * 86400))
            yield stamp(form, t, f"{r.randrange(10**9):09}", r.choice([0, 540, -420, 330, -210, 765]), zone)


def around_changes():
    for zone, day in CHANGES:
        for hour, minute in ((0, 59), (1, 30), (1, 59), (2, 0), (2, 30), (2, 59), (3, 0), (3, 45), (4, 0)):
            yield stamp(FORMS[0], datetime(*day, hour, minute, 59), "500", 0, zone)


def edges():
    for year in (1972, 2000, 2024, 2096):
        yield stamp(FORMS[4], datetime(year, 2, 29, 23, 59, 59), "", 0, "Asia/Seoul")
    for year in (1969, 1999, 2025, 2099):
        yield stamp(FORMS[0], datetime(year, 12, 31, 23, 59, 59), "999", 0, "UTC")
        yield stamp(FORMS[0], datetime(year + 1, 1, 1), "000", 0, "UTC")


def yearless(r):
    for zone in ("UTC", "Asia/Seoul", "America/New_York"):
        days = [(m, r.randrange(1, 29)) for m in range(1, 13)] + [(2, 29), (12, 31), (1, 1), (10, 9), (10, 10), (10, 12)]
        for month, day in days:
            for year in range(REFERENCE.year + 1, REFERENCE.year - 9, -1):
                try:
                    t = datetime(year, month, day, 10, 20, 30)
                except ValueError:
                    continue
                if local(t, zone) <= REFERENCE + timedelta(days=1):
                    break
            yield row(zone, f"{MONTHS[month - 1]} {day:2} 10:20:30", ns(local(t, zone), ""))


def repeated():
    """Every ten minutes of the hour that comes twice, with both instants."""
    for zone, day in BACK:
        t = datetime(*day)
        while t.day == day[2]:
            first, second = (ns(local(t, zone).replace(fold=fold), "") for fold in (0, 1))
            if second > first:
                yield f'\t{{ "{zone}", "{t:%Y-%m-%d %H:%M:%S}", INT64_C({first}), INT64_C({second}) }},'
            t += timedelta(minutes=10)


def main():
    r = random.Random(2025)
    reference = int((REFERENCE - EPOCH).total_seconds())
    print("/* Written by make_stamps.py; do not edit. */\n#ifndef TESTS_STAMPS_H\n#define TESTS_STAMPS_H\n\n#include <stdint.h>\n")
    print(f"/* Year-less stamps were written by then. */\n#define STAMPS_REFERENCE (INT64_C({reference}) * 1000000000)\n")
    print("/* The whole text is the stamp. */\nstatic const struct {\n\tconst char *zone, *text;\n\tint64_t t;\n} stamps[] = {")
    for rows in (ordinary(r), around_changes(), edges(), yearless(r)):
        print("\n".join(rows))
    print("};\n\n/* Times that occur twice. */\nstatic const struct {\n\tconst char *zone, *text;\n\tint64_t first, second;\n} repeats[] = {")
    print("\n".join(repeated()))
    print("};\n\n#endif")


if __name__ == "__main__":
    main()

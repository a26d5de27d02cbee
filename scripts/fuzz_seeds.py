#!/usr/bin/env python3
"""Cuts seeds for the fuzz targets out of ROOT files: fuzz_seeds.py FOLDER

Whole small files, their headers, and the records that stand in their chain, as they are stored.
"""

import hashlib
import os
import pathlib
import struct
import sys
import zlib

TOP = pathlib.Path(__file__).resolve().parents[1]
SHARED = pathlib.Path(os.environ.get("ROOTLAKE_SHARED", TOP.parent / "shared"))
# Of larger ones a whole file takes some 0.1 s under the sanitizers, and hardly any are tried.
LARGEST = 8_000
RECORDS = 40


def records(content):
    """Key length and bytes of the first records of a file."""
    (place,) = struct.unpack_from(">i", content, 8)
    for _ in range(RECORDS):
        if place + 18 > len(content):
            return
        length, _, expanded, _, key = struct.unpack_from(">ihiih", content, place)
        if length > 0:
            yield key, expanded, content[place : place + length]
        if length == 0:
            return
        place += abs(length)


def main(folder):
    def seed(target, content):
        if 0 < len(content) <= LARGEST:
            path = folder / target / hashlib.sha1(content).hexdigest()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    files = [*TOP.glob("fixtures/*.root"), *SHARED.glob("data/formats/*.root")]
    for path in sorted(files):
        content = path.read_bytes()
        seed("file", content)
        seed("header", content[:100])
        for key, expanded, record in records(content):
            seed("key", record[:300])
            body = record[key:]
            seed("frame", bytes([min(expanded >> 8, 255)]) + body)
            if body[:2] == b"ZL" and expanded <= LARGEST:
                body = zlib.decompress(body[9:])
            if expanded == len(body):
                for target in ("streamer_info", "tree_record", "basket", "offsets"):
                    seed(target, body)


main(pathlib.Path(sys.argv[1]))

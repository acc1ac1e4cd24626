"""Sections of a file: what comes back, when, and what is refused."""

import hashlib
import json
import struct

import numpy as np
import pytest
import zstandard

import degrade
from degrade.errors import ProfileError
from degrade.profiles import Profile
from degrade.storage import read_sections, write_sections

PREFIX = struct.Struct("<8sIQ32s")
TEXTS = ["the cat sat on the mat", "a dog ran", "the end of it all"] * 4


def rewritten(path, change):
    """Replace the frames of all sections by ``change(container)``, and mend the checksum."""
    raw = path.read_bytes()
    magic, version, _, _ = PREFIX.unpack_from(raw)
    body, at, parts = raw[PREFIX.size :], 0, []
    while at < len(body):
        (length,) = struct.unpack_from("<Q", body, at)
        parts.append(body[at + 8 : at + 8 + length])
        at += 8 + length
    parts[1:] = [change(zstandard.decompress(part)) for part in parts[1:]]
    body = b"".join(struct.pack("<Q", len(part)) + part for part in parts)
    digest = hashlib.sha256(body).digest()
    path.write_bytes(PREFIX.pack(magic, version, len(body), digest) + body)


def with_offsets(container, name, offsets):
    """Return the container with another place for the array ``name``."""
    length = int.from_bytes(container[:8], "little")
    header = json.loads(container[8 : 8 + length])
    header[name]["data_offsets"] = offsets
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + container[8 + length :]


def test_arrays_of_every_dtype_and_shape_come_back_and_can_be_written_to(tmp_path):
    dtypes = (bool, "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8")
    arrays = {f"a{i}": np.arange(6).reshape(2, 3).astype(d) for i, d in enumerate(dtypes)}
    arrays |= {"empty": np.zeros((0, 2)), "one": np.array([7], dtype=np.uint64)}
    write_sections(tmp_path / "file", {"said": 1}, [("some", arrays), ("none", {})])
    header, sections = read_sections(tmp_path / "file")
    assert header == {"said": 1}
    assert list(sections) == ["some", "none"]
    assert sections["none"] == {}
    found = sections["some"]
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert found[name].tolist() == array.tolist()
        assert found[name].shape == array.shape
        found[name][...] = 0


def test_a_section_is_decompressed_when_it_is_asked_for_and_not_before(tmp_path):
    path = tmp_path / "a.profile"
    degrade.profile(TEXTS, metrics=["types_1", "types_2"], workers=1).save(path)

    def spoil(container):
        pairs = b"n=2" in container[:400] and b"steps" in container[:400]
        kept = with_offsets(container, "steps", [0, 1 << 40]) if pairs else container
        return zstandard.compress(kept)

    rewritten(path, spoil)
    profile = Profile.load(path)
    assert profile.documents == len(TEXTS)
    censuses = [need for need in profile.levels[0] if dict(need.options).get("n") == 2]
    assert len(censuses) == 1
    with pytest.raises(ProfileError, match=r"a\.profile: damaged"):
        profile.levels[0][censuses[0]]


@pytest.mark.parametrize("offsets", [[0, 1 << 40], [-8, 8], [16, 8]])
def test_arrays_that_lead_outside_are_refused(tmp_path, offsets):
    path = tmp_path / "file"
    write_sections(path, {}, [("some", {"a": np.arange(3)})])
    rewritten(path, lambda part: zstandard.compress(with_offsets(part, "a", offsets)))
    _, sections = read_sections(path)
    with pytest.raises(ProfileError, match="damaged: array 'a' leads outside"):
        sections["some"]


def test_a_profile_that_lacks_a_section_is_refused_when_it_is_loaded(tmp_path):
    path = tmp_path / "a.profile"
    degrade.profile(TEXTS, metrics=["types_1"], workers=1).save(path)
    header, sections = read_sections(path)
    write_sections(path, header, list(sections.items())[:-1])
    with pytest.raises(ProfileError, match="can read: no "):
        Profile.load(path)


@pytest.mark.parametrize(
    "header", ["5", "[]", "[" * 100_000, '{"sections": 5}', '{"sections": [[]]}']
)
def test_a_header_that_was_made_up_is_refused(tmp_path, header):
    path = tmp_path / "a.profile"
    frame = zstandard.compress(header.encode())
    body = struct.pack("<Q", len(frame)) + frame
    digest = hashlib.sha256(body).digest()
    path.write_bytes(PREFIX.pack(b"degrade\n", 1, len(body), digest) + body)
    with pytest.raises(ProfileError):
        Profile.load(path)


def test_a_part_that_would_fill_memory_is_refused_unread(tmp_path):
    path = tmp_path / "a.profile"
    degrade.profile(TEXTS).save(path)
    # A frame's header says what it unpacks to: here a terabyte.
    bomb = b"\x28\xb5\x2f\xfd\xe0" + struct.pack("<Q", 1 << 40)
    rewritten(path, lambda container: container)
    raw = path.read_bytes()
    (length,) = struct.unpack_from("<Q", raw, PREFIX.size)
    body = raw[PREFIX.size : PREFIX.size + 8 + length] + struct.pack("<Q", len(bomb)) + bomb
    digest = hashlib.sha256(body).digest()
    path.write_bytes(PREFIX.pack(b"degrade\n", 1, len(body), digest) + body)
    with pytest.raises(ProfileError, match="damaged"):
        _every_array(path)


def _every_array(path):
    _, sections = read_sections(path)
    return list(sections.values())

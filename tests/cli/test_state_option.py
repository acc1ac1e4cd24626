"""``--state``: what is kept is used, and what is kept and does not fit is said to be of no use."""


def test_state_changes_no_byte_and_says_what_does_not_fit(degrade, samples, tmp_path):
    def profile(output, metric, *more):
        asked = ("profile", "gen1", "-o", tmp_path / output, "--metrics", metric, *more)
        status, _, told = degrade(*asked)
        assert status == 0
        return (tmp_path / output).read_bytes(), told.strip()

    state = ("--state", tmp_path / "state")
    plain, _ = profile("plain.profile", "types_1")
    for output in ("first.profile", "again.profile"):
        assert profile(output, "types_1", *state) == (plain, "")
    _, told = profile("other.profile", "types_2", *state)
    assert told == (
        f"degrade: {tmp_path / 'state'}: a part of gen1 is not used: "
        "counted for other metrics, by other layers or another version"
    )


def test_state_is_a_folder(degrade, samples, tmp_path):
    (tmp_path / "file").touch()
    asked = ("profile", "gen1", "-o", tmp_path / "a.profile", "--state", tmp_path / "file")
    status, _, told = degrade(*asked)
    assert status == 2
    assert "is a file" in told

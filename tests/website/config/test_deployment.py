"""The shape past one machine, held without an engine: the schema, the linter, every reference, every variable."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.website.config.test_environment import variables_explained, variables_read

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = ROOT / "tests/support/vendor/compose-spec/compose-spec.json"
# What the images of others read; the site's own are in `.env.example`.
OF_OTHERS = {
    "postgres": {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "POSTGRES_INITDB_ARGS"},
    "proxy": {"SITE_URL"},
}
OURS = {"web", "live", "worker", "beat", "prepare"}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def test_the_compose_file_follows_the_specification(compose):
    errors = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).iter_errors(compose)
    assert [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in errors] == []


def test_every_part_of_the_shape_is_there(compose):
    assert set(compose["services"]) == OURS | {"proxy", "postgres", "redis", "mail"}


@pytest.mark.parametrize("kind", ["secrets", "networks", "configs"])
def test_what_a_service_names_is_declared_and_what_is_declared_is_used(compose, kind):
    named = set()
    for service in compose["services"].values():
        for each in service.get(kind, []):
            named.add(each["source"] if isinstance(each, dict) else each)
    assert named == set(compose[kind])


def test_every_named_volume_is_declared_and_used(compose):
    named = {volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])}
    assert named == set(compose["volumes"])


def test_every_service_waits_for_ones_that_exist_in_a_way_that_can_come_true(compose):
    services = compose["services"]
    seen = 0
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            seen += 1
            assert other in services, f"{name} waits for {other}"
            if how["condition"] == "service_healthy":
                own_image = services[other].get("image") == "stigen"  # which has a check in its Dockerfile
                assert own_image or "test" in services[other].get("healthcheck", {}), f"{other} never becomes healthy"
            if how["condition"] == "service_completed_successfully":
                assert services[other]["restart"] == "no"
    assert seen > 10


def test_every_file_that_is_named_exists(compose):
    for config in compose["configs"].values():
        assert (ROOT / config["file"]).is_file()
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    for secret in compose["secrets"].values():
        assert secret["file"].startswith("./secrets/")
    assert "/secrets/" in ignored


def test_every_variable_of_a_service_is_one_that_the_settings_read_and_that_is_explained(compose):
    for name, service in compose["services"].items():
        for variable in service.get("environment", {}):
            if variable in OF_OTHERS.get(name, set()):
                continue
            plain = variable.removesuffix("_FILE")
            assert plain in variables_read(), f"nothing reads {variable} of {name}"
            assert plain in variables_explained(), f"{variable} of {name} is not in .env.example"


def test_every_variable_put_in_from_outside_is_explained():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    inserted = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))
    assert inserted
    assert inserted <= variables_explained()


def test_no_secret_stands_in_the_compose_file(compose):
    for service in compose["services"].values():
        for variable, value in service.get("environment", {}).items():
            if "PASSWORD" in variable or "SECRET" in variable:
                assert variable.endswith("_FILE") or str(value).startswith("${"), variable


def test_our_containers_have_as_little_as_they_need(compose):
    for name in OURS:
        service = compose["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
    for service in compose["services"].values():
        assert service["security_opt"] == ["no-new-privileges:true"]
    open_to_all = {name for name, service in compose["services"].items() if "ports" in service}
    assert open_to_all == {"proxy", "mail"}


def test_the_dockerfile_has_nothing_the_linter_minds():
    linter = Path(sys.executable).with_name("hadolint")
    answer = subprocess.run([linter, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout) == (0, "")


def test_the_image_installs_by_hash_runs_as_nobody_and_looks_after_its_health():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    last = text.split("\nFROM ")[-1]
    assert "--require-hashes" in text
    assert "--only-binary :all:" in text
    assert re.search(r"^USER 10001$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)
    assert re.search(r'^CMD \["', last, re.MULTILINE)


def test_the_image_gets_every_room_and_no_secret():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert let_in == {
        "requirements.lock", "manage.py", "pyproject.toml", "LICENSE", "site", "courses", "journeys", "workers",
    }  # fmt: skip


def test_the_proxy_sends_streams_to_live_and_everything_else_to_web():
    text = (ROOT / "Caddyfile").read_text(encoding="utf-8")
    pattern = re.search(r"@streams path_regexp (\S+)", text)[1]
    assert re.search(pattern, "/api/v1/journeys/7/events/")
    assert not re.search(pattern, "/api/v1/journeys/7/")
    streams, rest = text.split("handle @streams")[1].split("# Pictures")
    assert "live:8000" in streams
    assert "flush_interval -1" in streams
    assert "web:8000" in rest

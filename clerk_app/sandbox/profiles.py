"""Ready-made authority profiles, so that a client can be started with ``--profile`` alone."""

from __future__ import annotations

from pathlib import Path

from clerk_app.sandbox.authorities import AUTHORITIES, AuthorityPlan, Identity
from clerk_app.sandbox.keys import write_secret
from clerk_app.sandbox.parameters import parameters_of


def write_profiles(directory: Path, identity: Identity, base_url: str) -> list[Path]:
    """Writes one profile per authority with its parameters, again at every start: the port changes."""
    written = []
    for plan in AUTHORITIES:
        secret = directory / "secrets" / f"{plan.short}.secret"
        secret.parent.mkdir(mode=0o700, exist_ok=True)
        write_secret(secret, identity.clients[plan.short][1].encode("ascii"))
        write_secret(directory / _parameters_name(plan), parameters_of(plan.short))
        path = directory / f"profile-{plan.short}.toml"
        write_secret(path, _profile(plan, identity, base_url).encode("utf-8"))
        written.append(path)
    return written


def _parameters_name(plan: AuthorityPlan) -> str:
    return f"parameters-{plan.short}.toml"


def _profile(plan: AuthorityPlan, identity: Identity, base_url: str) -> str:
    keys = ", ".join(f'"file:keys/{name}.jwk"' for name in plan.decryption_keys)
    return f"""\
# Übungsbehörde der Übungsplattform: wird bei jedem Start neu geschrieben.
[authority]
name = "{plan.name}"
unit = "{plan.unit}"
ars = "{plan.ars}"
land = "{plan.land}"
parameters = "{_parameters_name(plan)}"

[authority.address]
street = "{plan.street}"
postcode = "{plan.postcode}"
city = "{plan.city}"
phone = "{plan.phone}"
email = "{plan.email}"

[[mailbox]]
portal = "{plan.portal}"
api_version = 2
token_url = "{base_url}/token"
submission_url = "{base_url}"
destination_id = "{identity.destinations[plan.short]}"
client_id = "{identity.clients[plan.short][0]}"
client_secret = "file:secrets/{plan.short}.secret"
decryption_keys = [{keys}]
signing_key = "file:keys/{plan.signing_key}.jwk"

[signing]
key = "practice"

[practice]
enabled = true

[zbp]
destination_id = "{identity.destinations["bridge"]}"
certificate = "file:keys/{plan.certificate}.pem"
private_key = "file:keys/{plan.certificate}-key.pem"
sender_name = "{plan.name}"
"""

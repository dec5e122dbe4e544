"""Submission API v2. Its OpenAPI file was not at hand; what is known stands in the domain reference, 1.5."""

from __future__ import annotations

from clerk_app.portal.calls import Calls


class WireV2(Calls):
    """v2 names the service ``publicService``. Pages stay at 100: a larger limit is not verified."""

    version = 2
    page_size = 100
    service_member = "publicService"

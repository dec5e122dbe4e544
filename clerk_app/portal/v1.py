"""Submission API v1 (OpenAPI 1.1.3)."""

from __future__ import annotations

from clerk_app.portal.calls import Calls


class WireV1(Calls):
    """v1 names the service ``serviceType`` and allows pages of 500."""

    version = 1
    page_size = 500
    service_member = "serviceType"

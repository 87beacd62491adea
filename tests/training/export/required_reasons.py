"""Apple's required-reason APIs: an app whose code names one must say why in its privacy manifest, or App Store Connect
refuses it (ITMS-91053).

Symbols in Swift and C by category, as in Apple's page "Describing use of required reason API". They were written down
from knowledge of that page and compared, on 2026-11-26, with the lists that two open projects check their own apps
by, and with pages that quote Apple's and say that nothing has come to it since; the page itself was not at hand.
"""

from __future__ import annotations

import re

AS_OF = "2024-05-01"
"""When App Store Connect began to enforce the list, which stood so."""

_ATTRIBUTES = ("getattrlist", "fgetattrlist", "getattrlistat")
SYMBOLS = {
    "NSPrivacyAccessedAPICategoryFileTimestamp": (
        *("creationDate", "modificationDate", "fileModificationDate", "contentModificationDateKey", "creationDateKey"),
        *(*_ATTRIBUTES, "getattrlistbulk", "stat", "fstat", "fstatat", "lstat"),
    ),
    "NSPrivacyAccessedAPICategorySystemBootTime": ("systemUptime", "mach_absolute_time"),
    "NSPrivacyAccessedAPICategoryDiskSpace": (
        *("volumeAvailableCapacityKey", "volumeAvailableCapacityForImportantUsageKey"),
        *("volumeAvailableCapacityForOpportunisticUsageKey", "volumeTotalCapacityKey", "systemFreeSize", "systemSize"),
        *(*_ATTRIBUTES, "statfs", "statvfs", "fstatfs", "fstatvfs"),
    ),
    "NSPrivacyAccessedAPICategoryActiveKeyboards": ("activeInputModes",),
    "NSPrivacyAccessedAPICategoryUserDefaults": ("UserDefaults", "NSUserDefaults", "AppStorage"),
}
"""The last is SwiftUI's way to the same store."""


def reasons_needed(source: str) -> dict[str, set[str]]:
    """The symbols in a Swift source that need a reason, by category."""
    words = set(re.findall(r"\w+", source))
    found = {category: words & set(symbols) for category, symbols in SYMBOLS.items()}
    return {category: symbols for category, symbols in found.items() if symbols}

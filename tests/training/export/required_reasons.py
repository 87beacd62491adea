"""Apple's required-reason APIs, as its documentation lists them: an app whose code names one must say why in its
privacy manifest, or App Store Connect refuses it (ITMS-91053).

After "Describing use of required reason API", developer.apple.com. Symbols in Swift and C by category.
"""

from __future__ import annotations

AS_OF = "2024-05-01"
"""When App Store Connect began to enforce the list, which stood so."""

SYMBOLS = {
    "NSPrivacyAccessedAPICategoryFileTimestamp": (
        *("creationDate", "modificationDate", "fileModificationDate", "contentModificationDateKey", "creationDateKey"),
        *("getattrlist", "getattrlistbulk", "fgetattrlist", "getattrlistat", "stat", "fstat", "fstatat", "lstat"),
    ),
    "NSPrivacyAccessedAPICategorySystemBootTime": ("systemUptime", "mach_absolute_time"),
    "NSPrivacyAccessedAPICategoryDiskSpace": (
        *("volumeAvailableCapacityKey", "volumeAvailableCapacityForImportantUsageKey"),
        *("volumeAvailableCapacityForOpportunisticUsageKey", "volumeTotalCapacityKey", "systemFreeSize", "systemSize"),
        *("statfs", "statvfs", "fstatfs", "fstatvfs"),
    ),
    "NSPrivacyAccessedAPICategoryActiveKeyboards": ("activeInputModes",),
    "NSPrivacyAccessedAPICategoryUserDefaults": ("UserDefaults",),
}

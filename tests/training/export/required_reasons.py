"""Apple's required-reason APIs, as its documentation lists them: an app whose code names one must say why in its
privacy manifest, or App Store Connect refuses it (ITMS-91053).

From "Describing use of required reason API", developer.apple.com, as of June 2025. Symbols in Swift and C by category.
"""

from __future__ import annotations

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

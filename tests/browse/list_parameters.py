"""The parameters of the lists, and junk that visitors may type into them."""

from tests.browse.list_reference import LISTS
from tests.public_views import all_parameters, dates_of, facets_of

SIZES = dict.fromkeys(LISTS, 25) | {"tracks": 50}
PAIRS = [(name, facet) for name in LISTS for facet in facets_of(name)]
DATE_PAIRS = [(name, parameter) for name in LISTS for parameter in dates_of(name)]

JUNK = [
    "%00", "%FF%FE", "%ED%A0%80", "a" * 10_000, "-1", "0", "99999999999999999999", "1e9", "NaN",
    "0001-01-01", "9999-12-31", "9999999999-01-01", "';--", "%22%3E%3Cscript%3E",
    "%27%20OR%201=1", "*", "%22", "NEAR(", "%E9%87%8F", "..%2F..%2Fetc", "%E2%80%AE",
    "%F0%9F%98%80", "a:b^2", "%25", "%5C", "_", "__class__", "%0d%0aX:1", "None", "%C4%B0",
]  # fmt: skip
PARAMETERS = all_parameters()

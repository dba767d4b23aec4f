"""Conversions between the ways a credential number is written: named, explicit, never in silence. Pure.

A badge number is opaque text that means something at one site only. Readers and printers write the same card
as bits, as facility code and card number, as hexadecimal in either byte order or as a decimal number; each
function here turns one of those into another, and refuses what would be lost on the way. Texts stay texts: a
whole number loses leading zeros, and JSON rounds it above 2 ** 53.

An error names the rule and never the number, and no repr shows one: credential numbers are secrets.
"""

from hamilton_sdk.acs.credentials.digits import guess_risk, random_number
from hamilton_sdk.acs.credentials.payload import QrPayload
from hamilton_sdk.acs.credentials.uid import (
    ByteOrder,
    is_random_uid,
    reverse_uid,
    uid_bytes,
    uid_from_decimal,
    uid_hexadecimal,
    uid_to_decimal,
    uid_to_wiegand26,
    uid_to_wiegand34,
)
from hamilton_sdk.acs.credentials.wiegand import (
    H10301,
    H10302,
    H10304,
    H10306,
    WiegandFormat,
    WiegandNumber,
    decode_wiegand,
    encode_wiegand,
    wiegand_format,
    wiegand_from_raw,
)

__all__ = [
    "H10301",
    "H10302",
    "H10304",
    "H10306",
    "ByteOrder",
    "QrPayload",
    "WiegandFormat",
    "WiegandNumber",
    "decode_wiegand",
    "encode_wiegand",
    "guess_risk",
    "is_random_uid",
    "random_number",
    "reverse_uid",
    "uid_bytes",
    "uid_from_decimal",
    "uid_hexadecimal",
    "uid_to_decimal",
    "uid_to_wiegand26",
    "uid_to_wiegand34",
    "wiegand_format",
    "wiegand_from_raw",
]

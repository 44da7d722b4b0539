"""Currencies of ISO 4217: the active codes, and the digits of their minor units."""

_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN"
    " BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR"
    " FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY"
    " KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU"
    " MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON"
    " RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP"
    " TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER"
    " ZAR ZMW ZWG"
)
_UNUSUAL = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
CURRENCIES = {
    code: next((digits for digits, codes in _UNUSUAL.items() if code in codes), 2)
    for code in _CODES.split()
}
"""Every code, with the digits of its minor unit, to which amounts are rounded."""

SIGNS = {
    "$": "USD ARS AUD BBD BMD BND BSD BZD BRL CAD CLP COP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD"
    " SGD SRD TTD TWD UYU XCD",
    "€": "EUR",
    "£": "GBP EGP FKP GIP LBP SHP SYP",
    "¥": "JPY CNY",
    "₩": "KRW KPW",
    "₹": "INR",
    "₽": "RUB",
    "₺": "TRY",
    "₪": "ILS",
    "฿": "THB",
    "₫": "VND",
}
"""The signs of currencies, each with the codes that it may stand for, the likeliest first."""
MARK = f"(?:[A-Z]{{3}}|[A-Z]{{0,2}}[{''.join(SIGNS)}])"
"""A pattern for what may say a currency beside a number: `USD`, `$`, `US$`."""


def codes_of(mark: str) -> list[str]:
    """The currencies that a mark may stand for: `A$` for those with a `$` that begin with `A`."""
    if mark[-1:] not in SIGNS:
        return [mark] if mark in CURRENCIES else []
    return [code for code in SIGNS[mark[-1]].split() if code.startswith(mark[:-1])]

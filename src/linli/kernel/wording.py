"""Words quantities the way reports do: 200余人次, 580余万元, 近1000人, 97%以上, 2至3次.

Every phrase reads back to the quantity that it words. Where the bounds of a sum are not those that
余, 近 or 约 imply, the words are weaker but true: `超过1200人`, `不足900人`.
"""

from __future__ import annotations

from decimal import Decimal

from linli.kernel.quantities import Qualifier, Quantity

_WAN = Decimal(10_000)
_YI = Decimal(100_000_000)
_SCALED_UNITS = ("元", "平方米", "千瓦时", "公斤")  # units whose large amounts are said in 万


def phrase(quantity: Quantity) -> str:
    """The quantity in Chinese words with Arabic digits."""
    if quantity.qualifier is Qualifier.RANGE and quantity.value_max is not None:
        return _range(quantity.value, quantity.value_max, quantity.unit)
    number, scale = _number(quantity.value, quantity.unit)
    unit = quantity.unit
    plainly = f"{number}{scale}{unit}"
    match quantity.qualifier:
        case Qualifier.OVER:
            return _over(quantity, number, scale)
        case Qualifier.NEARLY:
            return f"{'近' if quantity.bounds is None else '不足'}{plainly}"
        case Qualifier.ABOUT:
            return f"约{plainly}"
        case Qualifier.AT_LEAST:
            return f"{plainly}以上"
        case Qualifier.AT_MOST:
            return f"{plainly}以内"
        case _:
            return plainly


def _over(quantity: Quantity, number: str, scale: str) -> str:
    """4万余元, but 580余万元: 余 goes before 万 when two or more digits stand there."""
    if quantity.bounds is not None:
        return f"超过{number}{scale}{quantity.unit}"
    whole_tens = len(number.lstrip("-")) > 1 and "." not in number
    middle = f"余{scale}" if scale and whole_tens else f"{scale}余"
    return f"{number}{middle}{quantity.unit}"


def _range(low: Decimal, high: Decimal, unit: str) -> str:
    first, scale_low = _number(low, unit)
    last, scale_high = _number(high, unit)
    if scale_low != scale_high:
        return f"{_digits(low)}至{_digits(high)}{unit}"
    return f"{first}至{last}{scale_high}{unit}"


def _number(value: Decimal, unit: str) -> tuple[str, str]:
    """Digits and scale word: 125000元 is 12.5万, 5800000元 is 580万, 9000元 stays."""
    if unit in _SCALED_UNITS:
        for size, word in ((_YI, "亿"), (_WAN, "万")):
            scaled = value / size
            if abs(value) >= size and -Decimal(scaled.normalize().as_tuple().exponent) <= 2:
                return _digits(scaled), word
    return _digits(value), ""


def _digits(value: Decimal) -> str:
    """Without needless noughts and without an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

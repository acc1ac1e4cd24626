"""The most frequent words of languages that share their script, and how they are looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from degrade.compiled import kernel
from degrade.text.hashing import U64
from degrade.text.layer import Layer
from degrade.text.layers import hash_text

MOST_WORDS = 128
"""Words of a document that are looked up: evenly spaced ones, from half as many up to this."""
_WHOLE_WORDS = 0.5
"""Share of the words that a layer must leave whole for its symbols to be looked up."""
_SLOTS = 8192
_NONE, _ONE, _BYTE = U64(0), U64(1), U64(0xFF)
_looked_up: dict[tuple[str, str], bool] = {}

WORDS: Mapping[str, str] = {
    "English": "the of and to in a is that it was for on with he as his you be at by i had not "
    "are but from or have an they which this",
    "German": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als "
    "auch es an er hat aus bei sie nach wird ich oder",
    "Dutch": "de van het een en in is dat op te zijn met voor niet die aan er om ook als dan bij "
    "maar uit door hij werd naar ik of heeft worden",
    "French": "de la le et les des en un une du que est pour qui dans par sur au pas plus ne il "
    "se ce sont avec son sa aux ou elle d'un",
    "Spanish": "de la que el en y a los se del las un por con no una su para es al lo como más o "
    "pero sus le ha este si cuando",
    "Portuguese": "de a o que e do da em um para com não uma os no se na por mais as dos como mas "
    "ao das à seu sua ou pelo são foi",
    "Italian": "di e il la che in un a per è una del non sono della i si con le da al nel come più "
    "ha dei gli o alla delle ed anche",
    "Catalan": "de la i el que a en els un les per del amb una no és al va ha dels es seva són "
    "més com aquest aquesta o seu als té també",
    "Romanian": "de și în a la cu care o pe nu din un că este sau să se pentru mai au al ale fi "
    "prin dar lui sunt îi ce ca cel după",
    "Swedish": "och i att det som på en är av för med den till inte har de om ett var han jag så "
    "från men vid kan eller ska sig",
    "Danish": "og i at det er en til på som af med for den ikke de har der et var han jeg fra vi "
    "men kan eller sig skal om ved blev",
    "Norwegian": "og i å det er en til på som av med for den ikke de har et var han jeg fra vi men "
    "kan eller seg skal om ved ble etter",
    "Finnish": "ja on ei että se oli hän joka mutta kun ovat tai myös sen ole niin kuin mukaan "
    "ollut siitä hänen jos sekä jonka tämä vain voi jotka olla",
    "Hungarian": "a az és hogy nem is egy van ez volt de csak meg ha már vagy mint el még azt "
    "minden ki aki kell lehet sem pedig által majd",
    "Polish": "w i na z się nie do to że jest o jak a po od za co ale czy przez jego był dla ma "
    "oraz lub są tym które jako być",
    "Czech": "a v se na že je s z do o i to jako za by byl k ve pro ale po jsou který od podle "
    "nebo jeho při má jeho aby které",
    "Slovak": "a v sa na že je s z do o i to ako za by bol k vo pre ale po sú ktorý od podľa "
    "alebo jeho pri má aby ktoré",
    "Croatian, Serbian or Bosnian": "i u je da na se za su od s ne kao koji to što iz bi sa ili "
    "nije ima koja koje bio po и у је да на се за су од са не као који то што из или није има која "
    "које био по",
    "Turkish": "bir ve bu da de için ile ne çok olarak daha olan gibi ama en her sonra kadar o "
    "ki veya olduğu göre ya değil var ise oldu",
    "Indonesian or Malay": "yang dan di dengan untuk dari ini dalam itu tidak pada akan oleh ke "
    "atau ada juga adalah sebagai dapat telah kepada mereka bagi daripada tak saya bisa",
    "Vietnamese": "và của là có được cho không trong các với một người những để đã khi này ở từ "
    "đến về hay cũng như thì ra phải đó do bị",
    "Russian": "и в не на что с он как это по к но из у за от так же его о для была бы при или "
    "был они только я было",
    "Ukrainian": "і в не на що з та у до як це за від його є він але про й для бути або був "
    "які при по також який ми",
    "Bulgarian": "на и в се за от да е с не са по че ще като а до но към при има или това който "
    "със които той беше си му",
    "Arabic": "في من على أن إلى التي الذي هذا هذه ما لا عن مع كان أو بين كل لم قد هو هي ذلك بعد "
    "كما أي ولا وفي وأن كانت فيها",
    "Persian": "و در به از که این را با است برای آن یک می ها تا بر هم شد بود خود شده اند نیز "
    "هر یا باشد ای شود کند",
    "Urdu": "کے کی میں ہے اور سے کا کو اس نے پر یہ کہ ایک ہیں بھی تھا کر نہیں جو ہو یا لیے "
    "کسی اپنے جائے گا تو تھے",
    "Hindi": "के में की है और से का को हैं इस पर ने यह भी कि एक नहीं था जो कर लिए तो हो या अपने "
    "किसी उसे गया थे",
    "Marathi": "आहे आणि या व च हे ते नाही तर केली आहेत त्या ही असे म्हणून पण काही किंवा त्याच्या "
    "आपल्या होता होते होती तो असा करण्यात मध्ये झाली मी",
}


@cache
def vocabulary() -> dict[str, tuple[int, ...]]:
    """Return the words that are looked up, each with the numbers of its languages.

    Composed and decomposed letters are other symbols, so a word may stand here in both forms.
    """
    languages: dict[str, tuple[int, ...]] = {}
    for number, words in enumerate(WORDS.values()):
        forms = {normalize(form, word) for word in words.split() for form in ("NFC", "NFD")}
        for word in sorted(forms):
            languages[word] = (*languages.get(word, ()), number)
    return languages


@dataclass(frozen=True, slots=True)
class WordTable:
    """An open hash table of the words, by the low bits of their symbols.

    Attributes
    ----------
    symbols : uint64 array, (slots,)
    numbers : uint16 array, (slots,), the number of each word, from 1 on; 0 where there is none
    spoken : uint64 array, (words + 1, 4): a byte for each language, 1 for those of the word
    """

    symbols: NDArray[np.uint64]
    numbers: NDArray[np.uint16]
    spoken: NDArray[np.uint64]


@cache
def word_table() -> WordTable:
    """Return the table of ``vocabulary``."""
    symbols = np.zeros(_SLOTS, dtype=np.uint64)
    numbers = np.zeros(_SLOTS, dtype=np.uint16)
    spoken = np.zeros((len(vocabulary()) + 1, 4), dtype=np.uint64)
    for number, (word, languages) in enumerate(vocabulary().items(), 1):
        symbol = hash_text(word)
        slot = symbol % _SLOTS
        while numbers[slot]:
            slot = (slot + 1) % _SLOTS
        symbols[slot], numbers[slot] = symbol, number
        for language in languages:
            spoken[number, language // 8] |= np.uint64(1 << language % 8 * 8)
    return WordTable(symbols, numbers, spoken)


def has_words(layer: Layer) -> bool:
    """Return whether the symbols of ``layer`` are those of words, so that they can be looked up.

    They are for the built-in words and the tokenizers, which hash words as those do. Parts of
    speech, characters, sentences and parts of words have others.
    """
    identity = (layer.name, layer.version)
    if identity not in _looked_up:
        words = list(vocabulary())
        encoded = [word.encode("utf-8") for word in words]
        bounds = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        found = layer.segment(np.frombuffer(b"".join(encoded), dtype=np.uint8), bounds)
        whole = sum(
            found.symbols[start:end].tolist() == [hash_text(word)]
            for word, start, end in zip(words, found.bounds[:-1], found.bounds[1:], strict=True)
        )
        _looked_up[identity] = whole >= _WHOLE_WORDS * len(words)
    return _looked_up[identity]


@kernel
def frequent_words(
    symbols: NDArray[np.uint64],
    bounds: NDArray[np.int64],
    known: NDArray[np.uint64],
    numbers: NDArray[np.uint16],
    spoken: NDArray[np.uint64],
    kinds: int,
    most: int,
) -> NDArray[np.int64]:
    """Return how many words of each document are in each language's table, (documents, kinds).

    Of a document of more than ``most`` words, every second is looked up, or every third, ...
    ``most`` is below 256, and ``kinds`` at most 32.
    """
    hits = np.zeros((len(bounds) - 1, kinds), dtype=np.int64)
    found = np.empty(4, dtype=np.uint64)
    wrap = U64(len(known) - 1)
    for document in range(len(bounds) - 1):
        first = second = third = fourth = _NONE
        step = max(1, (bounds[document + 1] - bounds[document] + most - 1) // most)
        for i in range(bounds[document], bounds[document + 1], step):
            slot = symbols[i] & wrap
            while numbers[slot] and known[slot] != symbols[i]:
                slot = (slot + _ONE) & wrap
            # All languages at once, and those of no word too: no branch can be foreseen wrongly.
            number = np.int64(numbers[slot])
            first += spoken[number, 0]
            second += spoken[number, 1]
            third += spoken[number, 2]
            fourth += spoken[number, 3]
        found[0], found[1], found[2], found[3] = first, second, third, fourth
        for k in range(kinds):
            hits[document, k] = np.int64((found[k >> 3] >> U64(8 * (k & 7))) & _BYTE)
    return hits


def hits_of(symbols: NDArray[np.uint64], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many words of each document are among the frequent ones of each language."""
    known = word_table()
    return frequent_words(
        symbols, bounds, known.symbols, known.numbers, known.spoken, len(WORDS), MOST_WORDS
    )


def looked_up(words: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many words of documents of so many ``words`` are looked up."""
    counted: NDArray[np.int64] = -(-words // np.maximum(1, -(-words // MOST_WORDS)))
    return counted

namespace Aval.Tests.Languages;

/// <summary>Invented sentences, short and informal, in each language that is told.</summary>
internal static class Sentences
{
    public static readonly (string Language, string Text)[] All =
    [
        ("bg", "Утре няма да дойда на работа, боли ме главата"),
        ("cs", "Zítra přijdu později, musím ještě nakoupit"),
        ("da", "Jeg kommer lige lidt senere, undskyld mange gange"),
        ("de", "Ich komme gleich, muss nur noch schnell einkaufen"),
        ("el", "Έρχομαι σε λίγο, περίμενε με στη γωνία"),
        ("en", "I'll be there soon, just need to grab some milk"),
        ("es", "Llego enseguida, solo tengo que comprar leche"),
        ("et", "Ma tulen varsti, pean veel poest piima ostma"),
        ("fi", "Tulen kohta, pitää vielä käydä kaupassa"),
        ("fr", "J'arrive tout de suite, je dois encore acheter du lait"),
        ("ga", "Beidh mé ann go luath, tá orm bainne a cheannach"),
        ("hr", "Stižem uskoro, moram još kupiti mlijeko i kruh"),
        ("hu", "Mindjárt jövök, csak veszek még egy kis tejet"),
        ("it", "Arrivo subito, devo solo comprare un po' di latte"),
        ("lt", "Tuoj ateisiu, tik dar turiu nupirkti pieno"),
        ("lv", "Es drīz būšu klāt, tikai jānopērk piens"),
        ("mt", "Ġej issa, irrid biss nixtri ftit ħalib għat-tfal"),
        ("nl", "Ik kom er zo aan, moet alleen nog even melk halen"),
        ("pl", "Zaraz przyjdę, muszę jeszcze kupić mleko"),
        ("pt", "Já vou, só preciso de comprar leite para os miúdos"),
        ("ro", "Vin imediat, trebuie doar să mai cumpăr niște lapte"),
        ("sk", "Hneď som tam, musím ešte kúpiť mlieko pre deti"),
        ("sl", "Takoj pridem, samo še mleko moram kupiti"),
        ("sv", "Jag kommer snart, måste bara köpa lite mjölk först"),
        ("ca", "Ara vinc, només he de comprar una mica de llet"),
        ("eu", "Laster nator, esnea erosi behar dut oraindik"),
        ("gl", "Xa vou, só teño que mercar un pouco de leite"),
        ("no", "Jeg kommer snart, må bare kjøpe litt melk først"),
        ("is", "Ég kem rétt bráðum, þarf bara að kaupa mjólk"),
        ("sr", "Долазим ускоро, морам још само да купим млеко"),
        ("sr", "Hoćeš da ideš sa nama posle posla, biće lepo vreme"),
        ("uk", "Скоро буду, треба ще купити молока дітям"),
        ("ru", "Скоро буду, надо ещё купить молока детям"),
        ("tr", "Hemen geliyorum, sadece biraz süt almam lazım"),
        ("ar", "سأصل قريبا، يجب أن أشتري الحليب للأطفال"),
    ];
}

using System.Collections.Frozen;

namespace Aval.Text.Identifiers;

/// <summary>
/// The words that say what a number beside them is, in the languages of Europe. A word that ends with <c>*</c> stands
/// for all that begin so. A word is listed once a topic, and only where it announces a number in ordinary writing.
/// </summary>
internal static class ContextWords
{
    /// <summary>No listed word is longer; of a longer one the beginning is looked at.</summary>
    public const int Longest = 24;

    private static readonly (Topic Topic, string Words)[] Lists =
    [
        (Topic.Phone, """
            tel tel.nr telef* tél téléph* teléf* tlf tlfn tfno tlf.nr phone* telephone* fon fón* foon mobil* móvil
            móviles mobiel* mobiil* mobile* mobitel* handy* cell cellphone* cellul* celular* telemóv* telemov* gsm fax
            faks* call calls callme text sms whatsapp viber signal telegram dial ring ringa ringe ringer rufnummer*
            ruf rufen anruf* erreich* durchwahl* appel* joindre joignable portable llam* chiam* ligar liga ligue
            contacto zadzwo* dzwo* komórk* volej* zavol* volaj* hív* hívj* sunați sună suna sunați-mă bel bellen belt
            nazov* pokli* pokliči zovi zovite skambin* zvan* zvani* tālr* talr* helista* puh puhelin* puhelimitse
            soita* matkapuhelin* čempel* ċempel* ċempl* guthán* glaoigh* teileafón* fón тел телефон* моб мобил* мобіл*
            обад* звън* звон* дзвон* τηλ τηλέφ* τηλεφ* κινητ* κιν καλέσ* κάλεσ* καλέστε telefono telefonas telefona
             arayın هاتف جوال اتصل
            """),
        (Topic.Card, """
            card cards cc visa mastercard maestro amex credit* debit* kreditkart* karte karten kartennummer*
            bankkarte* carte cartes bancaire tarjeta* carta carte* cartão cartao kart* kredit* kreditn* creditcard*
            kort kortet kortnummer* kortnr betalkort* kortti* luottokort* pankkikort* kaart kaardi* krediit*
            bankkárty* kártya* kártyaszám* kortel* kortelė* kartic* kreditkort* cárta* kartă карта карти картата
            картка картой карту κάρτα κάρτας κάρτ* καρτ* maksukort* betaalkaart* karta kartu karty kartą kartę
            """),
        (Topic.Identity, """
            id ids ausweis* personalausweis* personenkenn* pesel dni nie nif cnp oib emšo emso jmbg bsn burgerserv*
            rijksregister* insz niss nir sécu sécurité sociale social ssn codice cf c.f personnummer* personnr
            personalnumber cpr cprnr cpr-nr hetu henkilötunnu* henkilotunnu* isikukood* asmens asmeninis pk
            kods kodas egn егн amka αμκα ταυτότητ* ταυτοτητ* rodné rodne rodného rodné.číslo r.č r.c rč kood bi
            cidadão cidadao sozialversicherung* rentenversicherung* sv svnr sv-nr vsnr identity identité identidad
            identità identidade identifica* identifik* tożsamo* dowód dowodu személyi szemelyi taj pps ppsn upsp nino
            nhs insurance passport* reisepass* pasaporte* passeport* passaporto* paszport* ahv avs kennitala
            fødselsnummer* fodselsnummer* tckn kimlik osobní osobné osobni osobna osobne identitate identitet* matični
            matricola nationaal national nazzjonali personkod* isik* versicherungsnummer* tajszám személyazonos* ЕГН
            иин рнокпп іпн
            """),
        (Topic.Tax, """
            vat vatin tax taxes taxpayer tin tins ust ust-id ust-idnr ustid uid umsatzsteuer* steuer* steuernummer*
            stnr idnr tva siren siret fisc* impôt* impot* spi iva p.iva piva partita cif nif nip regon nipc dič dic
            ičo ico ič afm αφμ α.φ.μ φπα btw rsin moms* cvr se-nr org.nr orgnr organisationsnummer* alv y-tunnus
            tunnus verotunnu* vero* käibemaks* kmkr reg.nr registrikood* kodas
            kods pvm pvn nmr cui cif c.u.i ddv dph daň* daňov*
            adósz* adó* adóaz* közösségi pdv porez* porezn* davčn* davcn* ддс данъч* skatt* skattenr skat contribuinte
            utr cáin* cánach taxxa mokesč* mokėt* nodok* nodokļ* maksu* buwoliin* oib bulstat булстат еик инн єдрпоу
            codice umsatzsteuer-id
            """),
        (Topic.Plate, """
            kennzeichen* nummernschild* kfz plate plates numberplate* registration reg regnr immatricul* plaque
            matrícul* matricul* placa targa targat* kenteken* rejestr* tablic* tablice rendszám* rendszam* înmatricul*
            inmatricul* spz ečv ecv registrač* registarsk* registrsk* registrsko registreringsnummer* nummerplad*
            nummerplåt* nummerskylt* rekisteri* rekisterinumero* rekisterikilp* numbrimärk* numbrimark*
            registreerimisnumber* valstybin* numerį numeris numurzīm* numurzim* numur* πινακίδ* πινακιδ* регистрац*
            рег табел* uimhirphlát* phláta clár* pjanċ* pjanċa numri номер номерн*
            """),
        (Topic.Network, """
            ip ips ipv4 ipv6 ip-adresse* ip-osoite* server* serveur* servidor* host* ping login logged gateway router*
            dns vpn adresse address adresa adres
            """),
        (Topic.Thing, """
            order* bestell* auftrag* vorgang* commande* pedid* ordin* ordre ordren ordrenr* ordrenummer* bestelling*
            zamówien* zamowien* objednáv* objednav* objednáv* rendelés* rendeles* comand* comenz* поръчк* παραγγελ*
            narudžb* narudzb* naročil* narocil* užsaky* uzsaky* pasūtī* pasuti* tellimus* tilaus* beställ* bestall*
            encomenda* ordni* ordnijiet invoice* rechnung* facture* factur* fattur* fatur* faktur* faktúr* számla*
            lasku* arve arvenumb* rēķin* rekin* sąskait* saskait* račun* racun* фактур* τιμολόγ* τιμολογ* sonras*
            sonrasc* tracking* sendung* sendungs* colis paket* pakke* parcel* package* przesył* zásilk* zásielk*
            csomag* colet* пратк* δέμα siunt* sūtīj* saadetis* lähety* försändel* forsendel* zending* envío envio
            spedizion* beart isbn issn ean imei gtin ticket* serial* seri* artikel* article article* référence*
            reference* referenz* ref refer* sku model* modell* barcode* build issue bug commit hash uuid transak*
            transact* transazion*
            """),
        (Topic.Version, """
            v ver version* versión* versione* versão versi* verze verzi* verzij* wersj* версі* версия* έκδοση versijos
            release* build* firmware* update* kapitel* chapter* chapitre* section* abschnitt* paragraph* leagan
            verżjoni rilaxx* rev revision* kernel* driver* secci* secç* seç* sezion* sez avsnitt* afsnit* rozdz*
            kapit* kap punkt* pkt sekc* oddíl* oddiel* раздел* точка poglavl* osio* jakso* luku peatük* skyri* nodaļ*
            ενότητα* κεφάλαιο*
            """),
    ];

    private static readonly FrozenDictionary<string, Topic[]> Whole = Words(star: false);
    private static readonly FrozenDictionary<string, Topic[]> Begun = Words(star: true);
    private static readonly int Shortest = Begun.Keys.Min(word => word.Length);

    private static readonly FrozenDictionary<string, Topic[]>.AlternateLookup<ReadOnlySpan<char>> WholeBySpan =
        Whole.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenDictionary<string, Topic[]>.AlternateLookup<ReadOnlySpan<char>> BegunBySpan =
        Begun.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What a word in small letters says; nothing for most.</summary>
    public static ReadOnlySpan<Topic> Of(ReadOnlySpan<char> word)
    {
        if (WholeBySpan.TryGetValue(word, out var topics))
            return topics;
        for (var length = word.Length; length >= Shortest; length--)
        {
            if (BegunBySpan.TryGetValue(word[..length], out topics))
                return topics;
        }

        return [];
    }

    private static FrozenDictionary<string, Topic[]> Words(bool star) => Lists
        .SelectMany(list => list.Words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.EndsWith('*') == star)
            .Select(word => (Word: word.TrimEnd('*').ToLowerInvariant(), list.Topic)))
        .Distinct()
        .GroupBy(entry => entry.Word, entry => entry.Topic)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
}

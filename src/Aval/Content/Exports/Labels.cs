using System.Collections.Frozen;

namespace Aval.Content.Exports;

/// <summary>
/// The words with which Meta labels values, in the languages of its interface (docs/formats/labels.md says from where
/// each is known). A label that is not here is no error, and what stands under it is never anybody's words: it is
/// counted, and listed by its name.
/// </summary>
internal static class Labels
{
    /// <summary>What was written: a comment, a caption, a message with a check-in.</summary>
    public static FrozenSet<string> Words { get; } = Set(
        "Comment", "Caption", "Message", "Text", "Post", "Description",
        "Opmerking", "Reactie", "Bijschrift", "Bericht", "Tekst", "Beschrijving",
        "Kommentar", "Bildunterschrift", "Nachricht", "Beitrag", "Beschreibung",
        "Commentaire", "Légende", "Texte", "Publication", "Description",
        "Comentario", "Pie de foto", "Mensaje", "Texto", "Publicación", "Descripción",
        "Commento", "Didascalia", "Messaggio", "Testo", "Descrizione",
        "Komentarz", "Podpis", "Wiadomość", "Treść", "Opis",
        "Comentário", "Legenda", "Mensagem", "Publicação", "Descrição",
        "Bildtext", "Meddelande", "Inlägg", "Beskrivning",
        "Billedtekst", "Besked", "Meddelelse", "Opslag", "Beskrivelse",
        "Kommentti", "Kuvateksti", "Viesti", "Teksti", "Julkaisu", "Kuvaus",
        "Σχόλιο", "Λεζάντα", "Μήνυμα", "Κείμενο", "Δημοσίευση", "Περιγραφή",
        "Komentář", "Titulek", "Popisek", "Zpráva", "Příspěvek", "Popis",
        "Hozzászólás", "Megjegyzés", "Képaláírás", "Üzenet", "Szöveg", "Bejegyzés", "Leírás",
        "Comentariu", "Legendă", "Mesaj", "Postare", "Descriere",
        "Коментар", "Надпис", "Съобщение", "Публикация", "Описание",
        "Komentar", "Opis slike", "Poruka", "Objava",
        "Komentár", "Popisok", "Správa", "Príspevok",
        "Napis", "Sporočilo",
        "Kommentaar", "Pealdis", "Sõnum", "Postitus", "Kirjeldus",
        "Komentaras", "Antraštė", "Žinutė", "Pranešimas", "Įrašas", "Aprašymas",
        "Komentārs", "Paraksts", "Ziņa", "Ziņojums", "Ieraksts", "Apraksts",
        "Kumment", "Messaġġ", "Deskrizzjoni",
        "Trácht", "Fotheideal", "Teachtaireacht", "Postáil", "Cur síos",
        "Yorum", "Комментарий", "Сообщение", "Koment", "تعليق");

    /// <summary>To whom the medium belongs that was commented on.</summary>
    public static FrozenSet<string> MediaOwner { get; } = Set(
        "Media Owner", "Owner", "Media-eigenaar", "Eigenaar", "Medieninhaber", "Medienbesitzer", "Inhaber",
        "Propriétaire du contenu multimédia", "Propriétaire du média", "Propriétaire",
        "Propietario del contenido multimedia", "Propietario", "Proprietario del contenuto multimediale",
        "Proprietario", "Właściciel mediów", "Właściciel multimediów", "Właściciel",
        "Proprietário do conteúdo multimédia", "Proprietário da mídia", "Proprietário", "Medieägare", "Ägare",
        "Medieejer", "Ejer", "Median omistaja", "Omistaja", "Κάτοχος πολυμέσων", "Κάτοχος", "Vlastník média",
        "Vlastník médií",
        "Vlastník", "Médiatartalom tulajdonosa", "Tulajdonos", "Proprietarul conținutului media", "Proprietar",
        "Собственик на мултимедията", "Vlasnik medija", "Vlasnik", "Lastnik medija", "Lastnik", "Meedia omanik",
        "Omanik",
        "Medijos savininkas", "Savininkas", "Multivides īpašnieks", "Īpašnieks", "Sid il-midja", "Úinéir na meán",
        "Úinéir", "Medya sahibi", "Владелец медиафайла", "Pronari i medias", "مالك الوسائط");

    /// <summary>The handle.</summary>
    public static FrozenSet<string> Username { get; } = Set(
        "Username", "Gebruikersnaam", "Benutzername", "Nutzername", "Nom d’utilisateur", "Nom d'utilisateur",
        "Nom de profil", "Nombre de usuario", "Nome utente", "Nazwa użytkownika", "Nome de utilizador",
        "Nome de usuário",
        "Användarnamn", "Brugernavn", "Käyttäjänimi", "Käyttäjätunnus", "Όνομα χρήστη", "Uživatelské jméno",
        "Felhasználónév", "Nume de utilizator", "Потребителско име", "Korisničko ime", "Používateľské meno",
        "Uporabniško ime",
        "Kasutajanimi", "Vartotojo vardas", "Naudotojo vardas", "Lietotājvārds", "Isem tal-utent", "Ainm úsáideora",
        "Kullanıcı adı", "Имя пользователя", "Emri i përdoruesit", "اسم المستخدم");

    /// <summary>The name that others see.</summary>
    public static FrozenSet<string> Name { get; } = Set(
        "Name", "Naam", "Nom", "Nombre", "Nome", "Imię i nazwisko", "Nazwa", "Namn", "Navn", "Nimi", "Όνομα", "Jméno",
        "Név", "Nume", "Име", "Ime", "Meno", "Vardas", "Vārds", "Isem", "Ainm", "Ad", "Имя", "Emri", "الاسم");

    /// <summary>Who wrote it, where the export says so.</summary>
    public static FrozenSet<string> Author { get; } = Set(
        "Author", "Auteur", "Autor", "Verfasser", "Verfasst von", "Autore", "Författare", "Forfatter", "Kirjoittaja",
        "Tekijä", "Συντάκτης", "Szerző", "Автор", "Avtor", "Autorius", "Autors", "Awtur", "Údar", "Yazar");

    /// <summary>To whom an entry was published.</summary>
    public static FrozenSet<string> Audience { get; } = Set(
        "Audience", "Privacy", "Visibility", "Doelgroep", "Publiek", "Zichtbaarheid", "Zielgruppe", "Privatsphäre",
        "Sichtbarkeit", "Confidentialité", "Visibilité", "Público", "Privacidad", "Visibilidad", "Pubblico",
        "Destinatari", "Visibilità",
        "Odbiorcy", "Grupa odbiorców", "Prywatność", "Widoczność", "Audiência", "Privacidade", "Visibilidade",
        "Målgrupp", "Sekretess", "Synlighet", "Målgruppe", "Synlighed", "Privatliv", "Kohderyhmä", "Yleisö",
        "Yksityisyys", "Näkyvyys",
        "Κοινό", "Απόρρητο", "Ορατότητα", "Okruh uživatelů", "Publikum", "Soukromí", "Viditelnost", "Közönség",
        "Adatvédelem", "Láthatóság", "Public", "Audiență", "Confidențialitate", "Vizibilitate", "Аудитория",
        "Поверителност", "Publika", "Privatnost",
        "Vidljivost", "Súkromie", "Viditeľnosť", "Zasebnost", "Vidnost", "Sihtrühm", "Privaatsus", "Nähtavus",
        "Auditorija", "Privatumas", "Matomumas", "Auditorija", "Konfidencialitāte", "Redzamība", "Privatezza",
        "Lucht féachana", "Príobháideacht");

    /// <summary>In which group an entry was published, whatever is said of its audience.</summary>
    public static FrozenSet<string> Group { get; } = Set(
        "Group", "Groep", "Gruppe", "Groupe", "Grupo", "Gruppo", "Grupa", "Grupp", "Ryhmä", "Ομάδα", "Skupina",
        "Csoport", "Grup", "Група", "Grupė", "Grúpa", "Группа", "مجموعة");

    /// <summary>People who were tagged.</summary>
    public static FrozenSet<string> Tagged { get; } = Set(
        "Tags", "Tagged people", "Tagged friends", "People tagged", "With", "Getagde personen", "Markierte Personen",
        "Personnes identifiées", "Personas etiquetadas", "Persone taggate", "Oznaczone osoby", "Pessoas identificadas",
        "Pessoas marcadas", "Taggade personer", "Taggede personer", "Merkityt henkilöt", "Označení lidé",
        "Megjelölt személyek", "Persoane etichetate");

    /// <summary>Pictures and videos, with whose title (Instagram) or description (Facebook) words stand.</summary>
    public static FrozenSet<string> Media { get; } = Set(
        "Media", "Photo", "Photos", "Video", "Videos", "Foto's", "Video's", "Medien", "Foto", "Fotos",
        "Contenu multimédia", "Médias", "Photos et vidéos", "Contenido multimedia", "Multimedia", "Vídeos",
        "Contenuto multimediale", "Contenuti multimediali", "Multimédia", "Conteúdo multimédia", "Mídia", "Medier",
        "Πολυμέσα", "Média", "Conținut media", "Мултимедия", "Mediji", "Medijski sadržaj", "Médiá", "Multimédiá",
        "Meedia", "Medija", "Multivide", "Midja", "Meáin", "Medya", "Медиафайл", "Медиафайлы", "الوسائط");

    /// <summary>On whose page or profile a post stands.</summary>
    public static FrozenSet<string> Target { get; } = Set("Target");

    /// <summary>Whether an entry is one that was never published.</summary>
    public static FrozenSet<string> Draft { get; } = Set(
        "Draft", "Concept", "Entwurf", "Brouillon", "Borrador", "Bozza", "Rascunho", "Wersja robocza", "Utkast",
        "Kladde", "Udkast", "Luonnos", "Πρόχειρο", "Koncept", "Piszkozat", "Schiță", "Чернова", "Skica", "Osnutek",
        "Mustand", "Juodraštis", "Melnraksts", "Abbozz", "Dréacht", "Taslak", "Черновик");

    /// <summary>Whether it is known what a label means.</summary>
    public static bool Known(string label) =>
        new[] { Words, MediaOwner, Username, Name, Audience, Group, Tagged, Author, Media, Target, Draft, Other }
            .Any(labels => labels.Contains(label));

    /// <summary>Whether an account shows what it publishes only to followers whom it let in.</summary>
    public static bool SaysPrivate(string label) =>
        label.Contains("priv", StringComparison.OrdinalIgnoreCase)
        || label.Contains("prywat", StringComparison.OrdinalIgnoreCase) || PrivateAccount.Contains(label);

    /// <summary>Yes, as a value.</summary>
    public static FrozenSet<string> Yes { get; } = Set(
        "True", "Yes", "1", "On", "Waar", "Ja", "Wahr", "Vrai", "Oui", "Verdadero", "Sí", "Vero", "Sì", "Prawda", "Tak",
        "Verdadeiro", "Sim", "Sant", "Sand", "Tosi", "Kyllä", "Αληθές", "Ναι", "Pravda", "Ano", "Igaz", "Igen",
        "Adevărat", "Da", "Вярно", "Да", "Áno", "Res", "Tõene", "Jah", "Tiesa", "Taip", "Patiess", "Jā", "Veru", "Iva",
        "Fíor", "Evet", "Doğru");

    // What stands beside the words of an entry. Enough of each language to recognise it.
    private static readonly FrozenSet<string> Other = Set(
        "Place tags", "Place name", "Place", "Visit time", "Name of application used to tag this place",
        "Creation time", "Update time", "Time", "Location", "Coordinates", "Address", "Media", "Hashtags",
        "Plaats", "Locatie", "Tijd", "Adres", "Ort", "Standort", "Zeit", "Uhrzeit", "Adresse", "Lieu", "Heure", "Lugar",
        "Ubicación", "Hora", "Dirección", "Luogo", "Posizione", "Ora", "Indirizzo", "Miejsce", "Lokalizacja", "Godzina",
        "Czas",
        "Local", "Localização", "Plats", "Tid", "Sted", "Tidspunkt", "Paikka", "Sijainti", "Aika", "Τοποθεσία", "Ώρα",
        "Místo", "Poloha", "Čas", "Hely", "Idő", "Időpont", "Loc", "Locație", "Място", "Час", "Mjesto", "Vrijeme",
        "Miesto", "Kraj",
        "Koht", "Aeg", "Vieta", "Laikas", "Laiks", "Post", "Ħin", "Áit", "Am");

    private static readonly FrozenSet<string> PrivateAccount = Set(
        "Yksityinen tili", "Ιδιωτικός λογαριασμός", "Soukromý účet", "Súkromný účet", "Личен акаунт", "Частен акаунт",
        "Zaseben račun", "Zasebni račun", "Cuntas príobháideach", "Gizli Hesap", "Закрытый аккаунт");

    private static readonly FrozenDictionary<string, string> Audiences = Map(
        ("public", [
            "Public", "Everyone", "Anyone", "Openbaar", "Iedereen", "Öffentlich", "Alle", "Publique", "Tout le monde",
            "Público", "Pública", "Todos", "Pubblica", "Pubblico", "Tutti", "Publiczne", "Publiczny", "Wszyscy",
            "Offentlig", "Offentligt", "Alla", "Julkinen", "Kaikki", "Δημόσια", "Δημόσιο", "Veřejné", "Všichni",
            "Nyilvános", "Mindenki", "Toată lumea", "Публично", "Javno", "Verejné", "Avalik", "Vieša", "Viešai",
            "Publisks", "Publiski", "Pubbliku", "Poiblí",
        ]),
        ("friends", [
            "Friends", "Friends of friends", "Close friends", "Friends except", "Vrienden", "Freunde", "Amis", "Amigos",
            "Amici", "Znajomi", "Vänner", "Venner", "Kaverit", "Φίλοι", "Přátelé", "Ismerősök", "Prieteni", "Приятели",
            "Prijatelji", "Priatelia", "Sõbrad", "Draugai", "Draugi", "Ħbieb", "Cairde",
        ]),
        ("followers", [
            "Followers", "Volgers", "Follower", "Abonnés", "Seguidores", "Seguaci", "Obserwujący", "Följare", "Følgere",
            "Seuraajat", "Ακόλουθοι", "Sledující", "Követők", "Urmăritori",
        ]),
        ("group", [
            "Group", "Group members", "Groep", "Gruppe", "Groupe", "Grupo", "Gruppo", "Grupa", "Grupp", "Ryhmä",
            "Ομάδα", "Skupina", "Csoport", "Grup",
        ]));

    /// <summary>
    /// The audience that a stated word means. A word that is not known is <c>private</c>, the narrowest: the export
    /// says that a choice was made, and taking it for a public one would publish what somebody kept for a few.
    /// </summary>
    public static string AudienceOf(string stated) => Audiences.GetValueOrDefault(stated.Trim(), "private");

    private static FrozenSet<string> Set(params string[] words) => words.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static FrozenDictionary<string, string> Map(params (string Meaning, string[] Words)[] meanings) => meanings
        .SelectMany(meaning => meaning.Words.Select(word => (word, meaning.Meaning)))
        .DistinctBy(pair => pair.word, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(pair => pair.word, pair => pair.Meaning, StringComparer.OrdinalIgnoreCase);
}

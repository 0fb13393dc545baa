namespace Aval.Text.Identifiers;

/// <summary>What an identifier is. The order is that of tables and of counts.</summary>
internal enum IdentifierKind
{
    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>A telephone number.</summary>
    Phone,

    /// <summary>An international bank account number (ISO 13616).</summary>
    Iban,

    /// <summary>The number of a payment card (ISO 7812).</summary>
    Card,

    /// <summary>The number that a state gives to a person.</summary>
    NationalId,

    /// <summary>The number under which somebody pays taxes, VAT numbers among them.</summary>
    TaxId,

    /// <summary>A licence plate.</summary>
    Plate,

    /// <summary>A postal address: street and number, with postcode and town where these follow.</summary>
    Address,

    /// <summary>An IP address, version 4 or 6.</summary>
    Ip,

    /// <summary>The hardware address of a network card.</summary>
    Mac,

    /// <summary>An address of a cryptocurrency.</summary>
    Crypto,

    /// <summary>A place on Earth, as latitude and longitude.</summary>
    Coordinates,

    /// <summary>A URL that carries a user: a login, a user's page, an address in its query.</summary>
    Url,

    /// <summary>A handle: <c>@name</c>, <c>@name@server</c>.</summary>
    Handle,

    /// <summary>A link to somebody's profile on a platform.</summary>
    Profile,
}

/// <summary>How kinds are written.</summary>
internal static class IdentifierKindNames
{
    /// <summary>Every kind, in order.</summary>
    public static IReadOnlyList<IdentifierKind> All { get; } = Enum.GetValues<IdentifierKind>();

    /// <summary>The name in policies and on the command line.</summary>
    public static string ToText(this IdentifierKind kind) => kind switch
    {
        IdentifierKind.Email => "email",
        IdentifierKind.Phone => "phone",
        IdentifierKind.Iban => "iban",
        IdentifierKind.Card => "card",
        IdentifierKind.NationalId => "national-id",
        IdentifierKind.TaxId => "tax-id",
        IdentifierKind.Plate => "plate",
        IdentifierKind.Address => "address",
        IdentifierKind.Ip => "ip",
        IdentifierKind.Mac => "mac",
        IdentifierKind.Crypto => "crypto",
        IdentifierKind.Coordinates => "coordinates",
        IdentifierKind.Url => "url",
        IdentifierKind.Handle => "handle",
        IdentifierKind.Profile => "profile",
    };

    /// <summary>What stands in the text instead: the name in capitals and angle brackets.</summary>
    public static string ToPlaceholder(this IdentifierKind kind) => Placeholders.Of[(int)kind];
}

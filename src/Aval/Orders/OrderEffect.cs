using System.Reflection;
using System.Text.Json.Serialization;

namespace Aval.Orders;

/// <summary>What an order does here: a closed list, so that nothing is served that has no effect.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "effect")]
[JsonDerivedType(typeof(Stop), "stop")]
[JsonDerivedType(typeof(Exclude), "exclude")]
[JsonDerivedType(typeof(Delete), "delete")]
[JsonDerivedType(typeof(SuspendRelease), "suspend-release")]
[JsonDerivedType(typeof(Preserve), "preserve")]
[JsonDerivedType(typeof(Report), "report")]
internal abstract record OrderEffect
{
    /// <summary>The word for it.</summary>
    [JsonIgnore]
    public string Word => (string)typeof(OrderEffect).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .Single(known => known.DerivedType == GetType()).TypeDiscriminator!;

    /// <summary>
    /// No release is made to train on, and none that there is leaves or is trained on, that falls under any of these;
    /// with all of them empty, none at all. What a country is part of is known of a policy that admits residences;
    /// every other policy may hold its people, and is stopped.
    /// </summary>
    /// <param name="Policies">By the names of their policies.</param>
    /// <param name="Corpora">By the names of their corpora.</param>
    /// <param name="Services">By the services that their policies admit.</param>
    /// <param name="Countries">By the residences that their policies admit: ISO 3166.</param>
    public sealed record Stop(
        IReadOnlyList<string> Policies, IReadOnlyList<string> Corpora, IReadOnlyList<string> Services,
        IReadOnlyList<string> Countries) : OrderEffect;

    /// <summary>Items to which all that is named here applies; what is not known of an item applies to it.</summary>
    /// <param name="Services">Of these services; none = of any.</param>
    /// <param name="Kinds">Of these kinds; none = of any.</param>
    /// <param name="Countries">By authors who live there: ISO 3166; none = anywhere.</param>
    /// <param name="From">Written then or later; null = whenever.</param>
    /// <param name="Until">Written before; null = whenever.</param>
    /// <param name="Authors">By these, each by keyed hash (<see cref="AuthorList"/>): 64 hexadecimal digits; none = by
    /// whomever.</param>
    public abstract record OfItems(
        IReadOnlyList<string> Services, IReadOnlyList<string> Kinds, IReadOnlyList<string> Countries,
        DateTimeOffset? From, DateTimeOffset? Until, IReadOnlyList<string> Authors) : OrderEffect
    {
        /// <summary>Of a list, by service, the form of its ids when it was served: <see cref="ListedAuthors"/>.
        /// </summary>
        public IReadOnlyDictionary<string, string>? Ids { get; init; }

        /// <summary>Of a list, by service, hashes of accounts and those of the same in lower case.</summary>
        public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? Folded { get; init; }
    }

    /// <summary>
    /// They enter no release; of a release that was made before, nothing leaves and nothing is trained on it until it
    /// is recalled.
    /// </summary>
    /// <inheritdoc cref="OfItems"/>
    public sealed record Exclude(
        IReadOnlyList<string> Services, IReadOnlyList<string> Kinds, IReadOnlyList<string> Countries,
        DateTimeOffset? From, DateTimeOffset? Until, IReadOnlyList<string> Authors)
        : OfItems(Services, Kinds, Countries, From, Until, Authors);

    /// <summary>
    /// The same, and <c>aval erase</c> takes them out of the content and of every release, as it carries out an
    /// erasure. An order that preserves stands against it until an officer has resolved which of the two gives way.
    /// </summary>
    /// <inheritdoc cref="OfItems"/>
    public sealed record Delete(
        IReadOnlyList<string> Services, IReadOnlyList<string> Kinds, IReadOnlyList<string> Countries,
        DateTimeOffset? From, DateTimeOffset? Until, IReadOnlyList<string> Authors)
        : OfItems(Services, Kinds, Countries, From, Until, Authors);

    /// <summary>These releases leave no more, and nothing is trained on them.</summary>
    /// <param name="Releases">As CORPUS/RELEASE.</param>
    public sealed record SuspendRelease(IReadOnlyList<string> Releases) : OrderEffect;

    /// <summary>
    /// Nothing is destroyed: no erasure is carried out, no choice forgotten, no release dropped. What is to be erased
    /// stays out of every release meanwhile, and is restricted to being kept (GDPR Art. 17(3)(e), 18(2)).
    /// </summary>
    public sealed record Preserve : OrderEffect;

    /// <summary>Something is to be reported to whoever ordered it; it is listed until the order is lifted.</summary>
    /// <param name="What">What.</param>
    /// <param name="By">By when.</param>
    public sealed record Report(string What, DateTimeOffset By) : OrderEffect;
}

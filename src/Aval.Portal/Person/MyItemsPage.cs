using Aval.Choices;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>
/// An objection to some posts alone, picked from those that are held: a number that somebody types might be of nothing,
/// and the objection that was lifted for it would have protected more.
/// </summary>
internal static class MyItemsPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/me/items";

    // As many are shown until all are asked for.
    internal const int Most = 200;

    private const int Letters = 120;

    /// <summary><c>GET /me/items</c>, and with <c>?all=yes</c> more than the newest.</summary>
    public static async Task<IResult> Get(Visit visit)
    {
        if (visit.Login is not { } login)
            return Problems.Expired(visit);
        var (text, items) = (visit.Text, await Items(visit, login.Account).ConfigureAwait(false));
        var (isAll, count) = (visit.Http.Request.Query.ContainsKey("all"), text.Count(text.Posts, items.Count));
        var link = visit.Link(Path);
        return Page.Of(visit, text.NarrowItems, Html.Of($"""
            <p>{text.NarrowText}</p>
            <p><strong>{(isAll || items.Count <= Most ? Html.Of($"{count}") : Html.Of($"""
                <a href="{link}{(link.Contains('?', StringComparison.Ordinal) ? "&" : "?")}all=yes">{count}</a>
                """))}</strong></p>
            {(items.Count == 0 ? Html.None : Html.Of($"""
                <form method="post" action="{visit.Link(Path)}">{Forms.Field(visit)}
                {items.Take(isAll ? int.MaxValue : Most).Select(Choose)}
                <button>{text.NarrowItems}</button></form>
                """))}
            """));
    }

    /// <summary><c>POST /me/items</c>: the objection is lifted and made again for what was picked.</summary>
    public static async Task<IResult> Narrow(Visit visit)
    {
        if (visit.Login is not { } login || !await Forms.AreOurs(visit).ConfigureAwait(false))
            return Problems.Expired(visit);
        var form = await visit.Form().ConfigureAwait(false);
        // Those that are held alone, whatever the form names.
        var picked = (await Items(visit, login.Account).ConfigureAwait(false))
            .Where(item => form.ContainsKey(Name(item)))
            .Select(item => new ScopePart.OneItem(new Item(item.Service, item.Id))).ToArray();
        if (picked.Length == 0)
            return Page.Problem(
                visit, visit.Text.NarrowItems, visit.Text.AnswerMissing, StatusCodes.Status422UnprocessableEntity);
        var said = new Saying.Statements(visit, login);
        return ReceiptPage.SeeOther(visit, await visit.Desk.Say(
            [
                said.Of(ChoiceKind.ObjectionLifted),
                .. Scopes(picked).Select(scope => said.Of(ChoiceKind.Objection, scope)),
            ])
            .ConfigureAwait(false));
    }

    // A scope has a longest text: of many posts several objections say the same.
    internal static IEnumerable<Scope> Scopes(IEnumerable<ScopePart> picked)
    {
        var parts = new List<ScopePart>();
        foreach (var part in picked)
        {
            if (parts.Count > 0 && System.Text.Encoding.UTF8.GetByteCount(
                Scope.Of([.. parts, part]).ToString()) > ChoiceRules.MaxTextBytes)
            {
                yield return Scope.Of(parts);
                parts.Clear();
            }

            parts.Add(part);
        }

        if (parts.Count > 0)
            yield return Scope.Of(parts);
    }

    private static async Task<List<MyItem>> Items(Visit visit, Account account)
    {
        var items = await MyData.HeldBy(visit.Desk, account, visit.Http.RequestAborted).ConfigureAwait(false);
        items.Reverse(); // The newest first.
        return items;
    }

    private static string Name(MyItem item) => $"item:{item.Service}:{item.Id}";

    private static Html Choose(MyItem item) => Html.Of($"""
        <p><label class="choice"><input type="checkbox" name="{Name(item)}" value="yes"> <span>
        {item.CreatedAt?[..10] ?? ""} {Shortened(item.Text ?? item.Id)}</span></label></p>
        """);

    private static string Shortened(string text) => text.Length <= Letters
        ? text
        : string.Concat(text.AsSpan(0, Letters - (char.IsHighSurrogate(text[Letters - 1]) ? 1 : 0)), "…");
}

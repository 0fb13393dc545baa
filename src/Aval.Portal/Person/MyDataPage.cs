using System.Text;
using Aval.Corpus;
using Aval.Portal.Words;
using Aval.Requests;
using Aval.Runs;
using Aval.Storage;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>My data: on a page, as JSON, as CSV, and a proof for each release.</summary>
internal static class MyDataPage
{
    private const int MostItems = 200;

    /// <summary><c>GET /me/data</c>.</summary>
    public static Task<IResult> Get(Visit visit) => With(visit, data =>
    {
        var text = visit.Text;
        return Page.Of(visit, text.MyData, Html.Of($"""
            <p>{text.MyDataText}</p>
            {Self(data)}
            <p><strong>{text.Count(text.Posts, data.Items.Count)}</strong></p>
            <p><a class="button quiet" href="{visit.Link("/me/data.json")}" download>{text.DownloadJson}
            </a> <a class="button quiet" href="{visit.Link("/me/data.csv")}" download>{text.DownloadCsv}</a></p>
            {(data.Releases.Count == 0 ? Html.Of($"<p>{text.NoRelease}</p>") : Html.All(data.Releases.Select(one =>
                Release(visit, one))))}
            {Elsewhere(text, data)}
            <h2>{text.Models}</h2>
            {Models(text, data)}
            """));
    });

    /// <summary><c>GET /me/data.json</c> (GDPR Art. 20: structured, commonly used, machine-readable).</summary>
    public static Task<IResult> Json(Visit visit) => With(visit, data => Results.Bytes(
        JsonText.Write(json => Write(json, data, visit.Desk.Clock.UtcNow())), "application/json; charset=utf-8",
        "my-data.json"));

    /// <summary><c>GET /me/data.csv</c>: the items (RFC 4180).</summary>
    public static Task<IResult> Csv(Visit visit) => With(visit, data =>
    {
        var lines = data.Items.Select(item => string.Join(
            ',', new[] { item.Service, item.Id, item.Kind, item.CreatedAt, item.Audience, item.Text }.Select(Cell)));
        return Results.Bytes(
            Encoding.UTF8.GetBytes(
                string.Join("\r\n", lines.Prepend("service,item_id,kind,created_at,audience,text")) + "\r\n"),
            "text/csv; charset=utf-8", "my-data.csv");
    });

    /// <summary><c>GET /me/proof/CORPUS/RELEASE</c>.</summary>
    public static async Task<IResult> Proof(Visit visit)
    {
        if (visit.Login is not { } login)
            return Problems.Expired(visit);
        var named = $"{visit.Route("corpus")}/{visit.Route("release")}";
        // One of those that there are: what comes from the address is compared, and never made a path.
        if (MyData.Newest(visit.Desk.Workspace).FirstOrDefault(path => NameOf(path) == named) is not { } release)
            return Problems.NotFound(visit);
        var proof = await MyData.Proof(visit.Desk, release, login.Account, visit.Http.RequestAborted)
            .ConfigureAwait(false);
        return Results.Bytes(proof, "text/plain; charset=utf-8", $"{Path.GetFileName(release)}.proof");
    }

    private static async Task<IResult> With(Visit visit, Func<MyData, IResult> answer)
    {
        if (visit.Login is not { } login)
            return Problems.Expired(visit);
        return answer(
            await MyData.Of(visit.Desk, login.Account, visit.Http.RequestAborted).ConfigureAwait(false));
    }

    private static string NameOf(string release)
    {
        var manifest = Manifest.Read(release);
        return $"{manifest.Corpus}/{manifest.Release}";
    }

    private static Html Release(Visit visit, MyRelease one)
    {
        var (text, about) = (visit.Text, one.About);
        var rows = about?.Excluded.Select(row => Html.Of($"""
            <tr><th scope="row">{text.Outside}</th><td class="number">{row.Items}</td><td>
            {row.Why.Reason.ToText()} ({row.Rule}{(row.Law is null ? Html.None : Html.Of($", {row.Law}"))})</td></tr>
            """)) ?? [];
        return Html.Of($"""
            <h2>{text.Release} {one.Release}</h2>
            <p>{text.Day(one.AsOf)}</p>
            <div class="table" tabindex="0" role="region" aria-label="{one.Release}"><table>
            <thead><tr><td></td><th scope="col" class="number">#</th><th scope="col">{text.Reason}</th>
            </tr></thead>
            <tbody><tr><th scope="row">{text.Inside}</th><td class="number">{about?.Admitted ?? 0}</td><td></td></tr>
            {rows}</tbody>
            </table></div>
            {Items(visit, one)}
            <p>{text.Proof}: <a href="{visit.Link($"/me/proof/{one.Release}")}" download>
            {(about is { Admitted: > 0 } ? text.ProofPresent : text.ProofAbsent)}</a></p>
            """);
    }

    // By the names that the columns have in the file: what the platform calls them is its own.
    private static Html Self(MyData data) => Html.Of($"""
        <dl><dt lang="en">account</dt><dd>{data.Account.ToString()}</dd>
        {data.Self.Select(one => Html.Of($"<dt lang=\"en\">{one.Name}</dt><dd>{one.Value}</dd>"))}</dl>
        """);

    // What is not shown above in full and holds something of theirs all the same, and who was given it.
    private static Html Elsewhere(PortalText text, MyData data)
    {
        var (earlier, given) = (data.Earlier.ToArray(), data.Given.ToArray());
        return Html.Of($"""
            {(earlier.Length == 0 ? Html.None : Html.Of(
                $"<ul>{earlier.Select(one => Html.Of($"<li>{text.Release} {one}</li>"))}</ul>"))}
            {(given.Length == 0 ? Html.None : Html.Of($"""
                <h2>{text.Recipients}</h2>
                <ul>{given.Select(one => Html.Of($"""
                    <li>{one.Recipient}: {text.Release} {one.Release}{(one.IsKnown ? "" : $". {text.NobodyKnows}")}</li>
                    """))}</ul>
                """))}
            """);
    }

    // Each by its id; of very many the rest is in the file.
    private static Html Items(Visit visit, MyRelease one)
    {
        var text = visit.Text;
        return one.Items.Count == 0 ? Html.None : Html.Of($"""
            <details><summary>{text.Count(text.Posts, one.Items.Count)}</summary>
            <div class="table" tabindex="0" role="region" aria-label="{one.Release}: {text.Reason}"><table>
            <tbody>{one.Items.Take(MostItems).Select(item => Html.Of($"""
                <tr><th scope="row">{item.Item.Service} {item.Item.Id}</th><td>{(item.Decided is null
                    ? text.Inside : text.Outside)}</td><td>{item.Decided?.Why.Reason.ToText() ?? ""}</td></tr>
                """))}</tbody></table></div></details>
            """);
    }

    // What becomes of a model is a matter of what was said against it.
    private static Html Models(PortalText text, MyData data)
    {
        var isAgainst = data.Releases.Any(
            release => release.About?.Covering.Any(one => one.Kind.IsProtective()) == true);
        var touched = data.Impact.Models.Where(model => model.Outcome is not Outcome.NotAffected).ToArray();
        return touched.Length == 0
            ? Html.Of($"<p>{text.ModelNone}</p>")
            : Html.Of($"""
                <ul>{touched.Select(one => Html.Of($"<li>{one.Model.Name}{(isAgainst
                    ? $": {OutcomeText.Of(one.Outcome)}" : "")}{(one.Model.Recipients.Count == 0 ? Html.None
                        : Html.Of($". {text.Recipients}: {string.Join(", ", one.Model.Recipients)}"))}</li>"))}</ul>
                """);
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, MyData data, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("account", data.Account.ToString());
        foreach (var (name, value) in data.Self)
            json.WriteString(name, value);
        json.WriteStartArray("items");
        foreach (var item in data.Items)
        {
            json.WriteStartObject();
            json.WriteString("service", item.Service);
            json.WriteString("item_id", item.Id);
            json.WriteString("kind", item.Kind);
            json.WriteString("created_at", item.CreatedAt);
            json.WriteString("audience", item.Audience);
            json.WriteString("text", item.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("releases");
        foreach (var release in data.Releases)
            Write(json, release);
        json.WriteEndArray();
        json.WriteStartArray("also_in_releases");
        foreach (var release in data.Earlier)
            json.WriteStringValue(release);
        json.WriteEndArray();
        json.WriteStartArray("exports_given");
        foreach (var (recipient, release, isKnown) in data.Given)
        {
            json.WriteStartObject();
            json.WriteString("recipient", recipient);
            json.WriteString("release", release);
            json.WriteBoolean("known", isKnown);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("models");
        foreach (var model in data.Impact.Models.Where(model => model.Outcome is not Outcome.NotAffected))
        {
            json.WriteStartObject();
            json.WriteString("model", model.Model.Name);
            json.WriteString("outcome", OutcomeText.Of(model.Outcome));
            json.WriteStartArray("recipients");
            foreach (var recipient in model.Model.Recipients)
                json.WriteStringValue(recipient);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("requests");
        foreach (var request in data.Requests)
            RequestJson.Write(json, request, now);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, MyRelease release)
    {
        json.WriteStartObject();
        json.WriteString("release", release.Release);
        json.WriteString("as_of", release.AsOf.ToText());
        json.WriteNumber("in", release.About?.Admitted ?? 0);
        json.WriteStartArray("out");
        foreach (var row in release.About?.Excluded ?? [])
        {
            json.WriteStartObject();
            json.WriteString("reason", row.Why.Reason.ToText());
            json.WriteString("rule", row.Rule);
            json.WriteString("law", row.Law);
            json.WriteNumber("items", row.Items);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("items");
        foreach (var item in release.Items)
        {
            json.WriteStartObject();
            json.WriteString("item", item.Item.ToString());
            json.WriteBoolean("in", item.Decided is null);
            if (item.Decided is { } ground)
            {
                json.WriteString("reason", ground.Why.Reason.ToText());
                json.WriteString("rule", ground.RuleId);
                json.WriteString("law", item.Law);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // A cell that a spreadsheet would take for a formula is a text.
    private static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return "";
        var text = "=+-@\t\r".Contains(value[0], StringComparison.Ordinal) ? "'" + value : value;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0
            ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

/// <summary>What can be said of a model, in a word.</summary>
internal static class OutcomeText
{
    /// <summary>The word, in kebab-case.</summary>
    public static string Of(Outcome outcome) =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(outcome.ToString());
}

using Aval.Portal.Words;
using Aval.Recording;
using Aval.Runs;
using Microsoft.AspNetCore.Http;
using QRCoder;

namespace Aval.Portal.Person;

/// <summary>The receipts of one act: what was said, from when it counts, which models were there before, and the
/// proof.</summary>
internal static class ReceiptPage
{
    // What the largest QR code holds at the lowest level of correction (ISO/IEC 18004, version 40-L, bytes).
    private const int MostInQrCode = 2_953;

    /// <summary>Leads from an act to its receipts, so that coming back to the page records nothing again.</summary>
    public static IResult SeeOther(Visit visit, Acknowledgement acknowledged) =>
        new Redirect(visit.Link($"/receipt/{visit.Desk.Tickets.To(acknowledged.Entries)}"));

    /// <summary><c>GET /receipt/LETTERS</c>.</summary>
    public static IResult Get(Visit visit)
    {
        var text = visit.Text;
        if (Read(visit) is not [.., var last] receipts)
            return Gone(visit);
        var statement = last.Statement;
        return Page.Of(visit, Said(text, statement.Kind), Html.Of($"""
            <p class="said">{PortalText.Fill(text.ReceiptFrom, ("moment", text.Moment(Later(statement))))}</p>
            <p>{Models(visit, statement.ReceivedAt)}</p>
            <h2>{text.Receipt}</h2>
            <p>{text.ReceiptText}</p>
            {receipts.Select((receipt, at) => One(visit, receipt, at))}
            <p><a href="{visit.Link("/check")}">{text.Check}</a></p>
            {Narrowing(visit, statement.Kind)}
            """));
    }

    // Offered after the receipt, so that nobody has to think about it before saying no.
    private static Html Narrowing(Visit visit, StatementKind kind) =>
        kind is not StatementKind.Objection || visit.Login is not null
            ? Html.None
            : Html.Of($"""
                <h2>{visit.Text.Narrow}</h2>
                <p>{visit.Text.NarrowText}</p>
                {WaysIn.Buttons(visit)}
                """);

    /// <summary><c>GET /receipt/LETTERS/N</c>: one as a file.</summary>
    public static IResult File(Visit visit)
    {
        var at = int.TryParse(visit.Route("number"), out var number) ? number : -1;
        return Read(visit) is { } receipts && at >= 0 && at < receipts.Length
            ? Results.Bytes(
                receipts[at].ToFile(), "text/plain; charset=utf-8", $"{receipts[at].Inclusion.Index}.receipt")
            : Gone(visit);
    }

    private static Receipt[]? Read(Visit visit)
    {
        if (visit.Desk.Tickets.Read(visit.Route("letters")) is not { } entries)
            return null;
        using var receipts = Receipts.Open(visit.Desk.Workspace);
        var all = new List<Receipt>();
        try
        {
            for (var at = 0L; at < entries.Count; at++)
                all.Add(receipts.Of(new EntryIndex(entries.First.Value + at)));
        }
        catch (AvalException forgotten) when (forgotten.Exit is ExitCode.Usage)
        {
            return null; // An erasure took the choice and its opening.
        }

        return [.. all];
    }

    private static Page Gone(Visit visit) => Page.Problem(
        visit, visit.Text.ReceiptGone, visit.Text.ReceiptGoneText, StatusCodes.Status404NotFound);

    private static DateTimeOffset Later(Statement statement) =>
        statement.MadeAt > statement.ReceivedAt ? statement.MadeAt : statement.ReceivedAt;

    private static string Models(Visit visit, DateTimeOffset before)
    {
        IReadOnlyList<Registered> register;
        try
        {
            register = Register.Read(visit.Desk.Workspace);
        }
        catch (AvalException)
        {
            return ""; // The choice is recorded, whatever is wrong with the register: aval check says it.
        }

        var names = Aval.Runs.RegisteredModels.Of(register).All
            .Where(model => model.Registered.At <= before).Select(model => model.Name).ToArray();
        return names.Length == 0
            ? visit.Text.ReceiptNoModels
            : PortalText.Fill(visit.Text.ReceiptModels, ("models", string.Join(", ", names)));
    }

    private static Html One(Visit visit, Receipt receipt, int at)
    {
        var (text, file) = (visit.Text, receipt.ToFile());
        return Html.Of($"""
            <section class="receipt">
            <p><a class="button quiet" href="{visit.Link($"/receipt/{visit.Route("letters")}/{at}")}" download>
            {text.ReceiptSave}</a></p>
            <details><summary>{Said(text, receipt.Statement.Kind)}</summary><pre tabindex="0">
            {System.Text.Encoding.UTF8.GetString(file)}</pre></details>
            {(file.Length > MostInQrCode ? Html.None
                : Html.Of($"<details><summary>{text.ReceiptQr}</summary>{QrCode(file, text.ReceiptQr)}</details>"))}
            </section>
            """);
    }

    private static Html QrCode(byte[] file, string label)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(file, QRCodeGenerator.ECCLevel.L);
        var modules = data.ModuleMatrix;
        var path = new System.Text.StringBuilder();
        for (var row = 0; row < modules.Count; row++)
        {
            for (var column = 0; column < modules[row].Count; column++)
            {
                if (modules[row][column])
                    path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{column} {row}h1v1h-1z");
            }
        }

        return Html.Of($"""
            <svg class="qr" role="img" aria-label="{label}" viewBox="0 0 {modules.Count} {modules.Count}">
            <rect width="{modules.Count}" height="{modules.Count}" fill="#fff"/>
            <path shape-rendering="crispEdges" d="{path.ToString()}" fill="#000"/></svg>
            """);
    }

    /// <summary>What somebody said, in a few words.</summary>
    public static string Said(PortalText text, StatementKind kind) => kind switch
    {
        StatementKind.Objection => text.SaidObjection,
        StatementKind.ObjectionLifted => text.SaidLifted,
        StatementKind.Consent => text.SaidConsent,
        StatementKind.Withdrawal => text.SaidWithdrawal,
        StatementKind.Refusal => text.SaidRefusal,
        StatementKind.Restriction => text.SaidRestriction,
        StatementKind.RestrictionLifted => text.SaidRestrictionLifted,
        StatementKind.Erasure => text.SaidErasure,
        StatementKind.Removal => text.SaidRemoval,
        StatementKind.Mandate => text.SaidMandate,
        StatementKind.MandateRevoked => text.SaidMandateRevoked,
    };
}

/// <summary>See another page (RFC 9110 §15.4.4): a page that is loaded again says nothing again.</summary>
internal sealed class Redirect(string path) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = path;
        return Task.CompletedTask;
    }
}

using Aval.Choices;
using Aval.Content;
using Aval.People;
using Aval.Storage;
using DuckDB.NET.Data.Mapping;

namespace Aval.Recording;

/// <summary>A mandate of an account, and whether it counts.</summary>
/// <param name="Recorded">The choice.</param>
/// <param name="IsInForce">Whether it counts at the instant that was asked about.</param>
internal sealed record StatedMandate(Recorded Recorded, bool IsInForce);

/// <summary>
/// The mandates of a workspace that count at an instant, each held against its entry in the ledger. Which accounts are
/// one person is what imports have said of it by then (<see cref="Links"/>).
/// </summary>
internal static class MandateBook
{
    /// <summary>All that count, in order of index.</summary>
    /// <param name="workspace">Whose.</param>
    /// <param name="at">The instant.</param>
    /// <exception cref="AvalException">Bad input: a choice is missing or is not what was entered.</exception>
    public static IReadOnlyList<GivenMandate> InForce(Workspace workspace, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        using var choices = CommittedChoices.Open(workspace);
        var size = choices.Store.ChoicesSize;
        Recorded[] said = [.. Mandating(choices.Read(size), workspace)];
        var persons = Persons.Open(workspace, at, said.Select(one => one.Choice.Account));
        return Mandates.InForce(said, choices.Store.Suppressions(size), persons, at);
    }

    /// <summary>Those of these accounts that count, in order of index.</summary>
    /// <inheritdoc cref="InForce(Workspace, DateTimeOffset)"/>
    public static IReadOnlyList<GivenMandate> InForce(
        Workspace workspace, DateTimeOffset at, IReadOnlyCollection<Account> of)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var persons = Persons.Open(workspace, at, of);
        using var choices = CommittedChoices.Open(workspace);
        var size = choices.Store.ChoicesSize;
        var own = Spellings.OfAccounts(workspace, choices.Store, [.. persons.Linked.Union(of)], size)
            .Where(one => !one.Choice.Kind.BearsOnStance()).Select(one => one.Index);
        return
        [
            .. Mandates.InForce(
                Mandating(choices.Read(own), workspace), choices.Store.Suppressions(size), persons, at)
                .Where(one => of.Contains(one.Recorded.Choice.Account)),
        ];
    }

    /// <summary>All mandates that were given on an account, in order of index, and which of them count.</summary>
    /// <inheritdoc cref="InForce(Workspace, DateTimeOffset)"/>
    public static IReadOnlyList<StatedMandate> Of(Workspace workspace, DateTimeOffset at, Account account)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        Recorded[] given;
        using (var choices = CommittedChoices.Open(workspace))
        {
            var own = Spellings.OfAccounts(workspace, choices.Store, [account], choices.Store.ChoicesSize)
                .Where(one => one.Choice.Kind == ChoiceKind.Mandate).Select(one => one.Index);
            given = [.. Mandating(choices.Read(own), workspace)];
        }

        // Most people gave none, and then nobody's links are looked for.
        if (given.Length == 0)
            return [];
        var counting = InForce(workspace, at, [account]).Select(one => one.Recorded.Index).ToHashSet();
        return [.. given.Select(one => new StatedMandate(one, counting.Contains(one.Index)))];
    }

    private static IEnumerable<Recorded> Mandating(IEnumerable<Recorded> choices, Workspace workspace) =>
        Spellings.Formed(
            choices.Where(one => one.Choice.Kind is ChoiceKind.Mandate or ChoiceKind.MandateRevoked),
            workspace.Settings.Services);

    /// <summary>Some accounts and all that are the same persons, as the content has it at an instant.</summary>
    private sealed class Persons : IPersons
    {
        private readonly Dictionary<string, string> _labels;
        private readonly ILookup<string, string> _nodes;
        private readonly SuppressionTokens _tokens;

        private Persons(Workspace workspace, IReadOnlyList<(string Node, string Label)> nodes)
        {
            _labels = nodes.ToDictionary(one => one.Node, one => one.Label, StringComparer.Ordinal);
            _nodes = nodes.ToLookup(one => one.Label, one => one.Node, StringComparer.Ordinal);
            _tokens = new SuppressionTokens(workspace.ReadKey());
        }

        /// <summary>Those that a link was ever observed of.</summary>
        public IEnumerable<Account> Linked
        {
            get
            {
                foreach (var node in _labels.Keys)
                {
                    if (Account.TryParse(node, out var account))
                        yield return account;
                }
            }
        }

        /// <exception cref="AvalException">Refused: links make more accounts one person than aval.yaml allows, and
        /// then nobody could say how many persons they are.</exception>
        public static Persons Open(Workspace workspace, DateTimeOffset at, IEnumerable<Account> of)
        {
            using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey());
            ContentViews.Create(engine, workspace, at);
            LinkCrowds.Require(engine, workspace.Settings.Links);
            engine.Execute("CREATE OR REPLACE TEMP TABLE mandating (account VARCHAR)");
            using (var transaction = engine.Connection.BeginTransaction())
            {
                using (var appender = engine.Connection.CreateAppender<Account, AccountMap>("mandating"))
                    appender.AppendRecords(of.Distinct());
                transaction.Commit();
            }

            Links.Gather(engine, "SELECT account FROM mandating", "mandating_links");
            Links.Connect(engine, "mandating_links", "mandating_persons");
            return new Persons(workspace, engine.Query(
                "SELECT node, label FROM mandating_persons", row => (row.GetString(0), row.GetString(1))));
        }

        public string Of(Account account) => _labels.GetValueOrDefault(account.ToString(), account.ToString());

        public IEnumerable<string> Tokens(Account account) =>
            _nodes[Of(account)].Append(account.ToString()).Distinct().Select(_tokens.OfAccount);
    }

    private sealed class AccountMap : DuckDBAppenderMap<Account>
    {
        public AccountMap() => Map(row => row.ToString());
    }
}

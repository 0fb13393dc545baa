using Aval.Choices;
using Aval.Portal.Doors;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>What a person who logged in says. Whose choice it is follows from the login, never from the form.</summary>
internal static class Saying
{
    /// <summary>Begins the name of what takes back a yes to one purpose, before the purpose's.</summary>
    public const string Withdraw = "withdraw-";

    /// <summary><c>POST /me/WHAT</c>.</summary>
    public static async Task<IResult> Say(Visit visit)
    {
        if (visit.Login is not { } login || !await Forms.AreOurs(visit).ConfigureAwait(false))
            return Problems.Expired(visit);
        var said = new Statements(visit, login);
        IReadOnlyList<Choice>? act = visit.Route("what") switch
        {
            "object" => [said.Of(ChoiceKind.Objection)],
            "withdraw" => [said.Of(ChoiceKind.Withdrawal)],
            "refuse" => [said.Of(ChoiceKind.Refusal)],
            "lift" => [said.Of(ChoiceKind.ObjectionLifted)],
            "restrict" => [said.Of(ChoiceKind.Restriction)],
            "erase" => [said.Of(ChoiceKind.Erasure)],
            // For whatever purpose they were given.
            "end-mandates" =>
                [.. Purpose.All.Where(purpose => visit.Desk.Workspace.Settings.Purposes.Contains(purpose.Name))
                    .Select(purpose => said.Of(ChoiceKind.MandateRevoked, purpose: purpose))],
            // Of two statements of one instant the protective one decides where both speak.
            "narrow-about-me" =>
                [said.Of(ChoiceKind.ObjectionLifted), said.Of(ChoiceKind.Objection, Scoped("about-me"))],
            "narrow-service" =>
            [
                said.Of(ChoiceKind.ObjectionLifted),
                said.Of(ChoiceKind.Objection, Scoped($"service:{login.Account.Service}")),
            ],
            { } what when what.StartsWith(Withdraw, StringComparison.Ordinal)
                && Purpose.TryParse(what[Withdraw.Length..], out var purpose) =>
                [said.Of(ChoiceKind.Withdrawal, purpose: purpose)],
            _ => null,
        };
        return act is null
            ? Problems.NotFound(visit)
            : ReceiptPage.SeeOther(visit, await visit.Desk.Say(act).ConfigureAwait(false));
    }

    /// <summary>
    /// <c>POST /me/answer</c>: yes or no to each question that was answered. A yes after an objection lifts it in the
    /// same act. A known minor is not asked, and neither is anybody in a language that no person has reviewed.
    /// </summary>
    public static async Task<IResult> Answer(Visit visit)
    {
        if (visit.Login is not { } login || !await Forms.AreOurs(visit).ConfigureAwait(false))
            return Problems.Expired(visit);
        var form = await visit.Form().ConfigureAwait(false);
        var view = await PersonView.Of(visit.Desk, login.Account, visit.Http.RequestAborted).ConfigureAwait(false);
        var mayAgree = visit.Text.Reviewed
            && view.UnderAge(visit.Desk.Settings.Policy, visit.Desk.Clock.UtcNow()) is null;
        var said = new Statements(visit, login);
        var act = new List<Choice>();
        foreach (var purpose in MyChoicesPage.Purposes(visit))
        {
            var answer = form.GetValueOrDefault(purpose.Name);
            if (answer == "no")
                act.Add(said.Of(ChoiceKind.Refusal, purpose: purpose));
            else if (answer == "yes" && mayAgree)
            {
                if (view.ObjectsTo(purpose))
                    act.Add(said.Of(ChoiceKind.ObjectionLifted, purpose: purpose));
                act.Add(said.Of(ChoiceKind.Consent, purpose: purpose));
            }
        }

        return act.Count == 0
            ? Page.Problem(
                visit, FirstPage.Heading(visit), visit.Text.AnswerMissing, StatusCodes.Status422UnprocessableEntity)
            : ReceiptPage.SeeOther(visit, await visit.Desk.Say(act).ConfigureAwait(false));
    }

    private static Scope Scoped(string text) => Scope.TryParse(text, out var scope)
        ? scope
        : throw new InvalidOperationException($"{text} is no scope.");

    /// <summary>What a visit says, as choices of whoever logged in.</summary>
    public sealed class Statements(Visit visit, ShownLogin login)
    {
        private readonly DateTimeOffset _now = visit.Desk.Clock.UtcNow();

        /// <summary>One choice.</summary>
        public Choice Of(ChoiceKind kind, Scope? scope = null, Purpose? purpose = null)
        {
            var (desk, about) = (visit.Desk, purpose ?? visit.Desk.Settings.Policy.Purpose);
            return new Choice(
                kind, login.Account, about, scope ?? Scope.Everything, _now, _now,
                Until: kind is ChoiceKind.Consent ? _now.AddDays(desk.Settings.ConsentDays) : null,
                Channel: $"portal, {login.Way}", Evidence: login.Evidence,
                Notice: kind is ChoiceKind.Consent ? desk.Settings.Notice : null);
        }
    }
}

using Aval.Portal.Doors;
using Aval.Storage;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Api;

/// <summary>
/// Where a list goes on: letters that nobody can make or read, of one agent and one list. They hold a place in an order
/// that never changes, so that what comes in between is neither left out nor told twice.
/// </summary>
internal sealed class Cursors(WorkspaceKey key) : IDisposable
{
    private readonly SealedText _sealed = new(key, "aval/cursor/v1");

    /// <summary>The letters of a place.</summary>
    public string At(Call call, string list, string place)
    {
        ArgumentNullException.ThrowIfNull(call);
        return _sealed.Seal($"{call.Agent.Name}\n{list}\n{place}");
    }

    /// <summary>The place that was asked for; <paramref name="beginning"/> where none was.</summary>
    /// <returns>The place; null = these letters were not made for this agent and this list.</returns>
    public string? Asked(Call call, string list, string beginning)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Asked("cursor") is not { } letters)
            return beginning;
        return _sealed.Open(letters)?.Split('\n') is [var agent, var of, var place] && agent == call.Agent.Name
            && of == list
                ? place
                : null;
    }

    /// <summary>What is answered where there is no place, or no number.</summary>
    public static IResult Refused() => ApiProblems.Problem(
        StatusCodes.Status400BadRequest, "Not such a place",
        "cursor is what an answer of this list called \"next\", to this agent; limit is a whole number within what the "
            + "list allows.");

    /// <inheritdoc/>
    public void Dispose() => _sealed.Dispose();
}

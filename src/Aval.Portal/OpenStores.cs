using System.Collections.Concurrent;
using Aval.Choices;
using Aval.Choices.Stores;

namespace Aval.Portal;

/// <summary>
/// The store of choices, open for whoever only asks: to open it costs more than the question, and each who asks needs
/// one for itself meanwhile. One of which a question failed is closed, since a database may be back later.
/// </summary>
internal sealed class OpenStores(Workspace workspace) : IDisposable
{
    // More are never needed at once than threads ask.
    private readonly ConcurrentBag<IChoiceStore> _idle = [];
    private volatile bool _isOver;

    /// <summary>Asks it.</summary>
    /// <exception cref="AvalException">As of <see cref="ChoiceStores.Open(Workspace)"/> and of the
    /// question.</exception>
    public T Ask<T>(Func<IChoiceStore, T> question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var store = _idle.TryTake(out var idle) ? idle : ChoiceStores.Open(workspace);
        var isWhole = false;
        try
        {
            var answer = question(store);
            isWhole = true;
            return answer;
        }
        finally
        {
            if (isWhole && !_isOver)
                _idle.Add(store);
            else
                store.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        while (_idle.TryTake(out var store))
            store.Dispose();
    }
}

namespace Aval.Choices;

/// <summary>
/// What somebody at the controller did, or a step of what a person asked for: JSON that an entry of kind 0x06 commits
/// to, under an opening, so that it can be forgotten as a choice can. What it says is a matter of whoever enters it.
/// </summary>
/// <param name="Account">Whom it names; null = no account.</param>
/// <param name="Request">The entry with which the request began that it is a step of; null = it is none, or the
/// first.</param>
/// <param name="Said">The JSON, on one line.</param>
internal sealed record Act(Account? Account, EntryIndex? Request, string Said);

/// <summary>An act and the opening of its entry.</summary>
internal sealed record SealedAct(Act Act, Opening Opening);

/// <summary>An act as a store keeps it.</summary>
/// <param name="Index">Its entry.</param>
/// <param name="Request">As in the act.</param>
/// <param name="Act">The act; null = it was forgotten.</param>
/// <param name="Digest">What the entry commits to.</param>
internal sealed record KeptAct(EntryIndex Index, EntryIndex? Request, SealedAct? Act, Hash Digest)
{
    /// <summary>Whether what is kept is what was entered; nothing can be told of what was forgotten.</summary>
    public bool Opens => Act is null || Sealing.Seal(Act).Entry.Digest == Digest;
}

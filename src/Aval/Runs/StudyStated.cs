namespace Aval.Runs;

/// <summary>A plan of a study was written down; its file is what the statement is about.</summary>
/// <param name="At">When.</param>
/// <param name="Study">Its name.</param>
/// <param name="Question">What is asked.</param>
/// <param name="Plan">The plan's text, verbatim.</param>
internal sealed record StudyPlanned(DateTimeOffset At, string Study, string Question, string Plan) : Stated(At);

/// <summary>A study was made; its results are what the statement is about.</summary>
/// <param name="At">When.</param>
/// <param name="Study">Its name.</param>
/// <param name="Plan">SHA-256 of its plan.</param>
/// <param name="PlanEntry">The plan's entry of the ledger.</param>
/// <param name="Release">NAME/ID of the release whose people were studied.</param>
/// <param name="Manifest">SHA-256 of its manifest.</param>
/// <param name="Exploratory">Something about these people was known before the plan was.</param>
/// <param name="Shows">Its controls held.</param>
internal sealed record StudyMade(
    DateTimeOffset At, string Study, string Plan, long PlanEntry, string Release, string Manifest, bool Exploratory,
    bool Shows)
    : Stated(At);

using Aval.Leases;

namespace Aval.Building;

/// <summary>A build that was given to jobs.</summary>
/// <param name="Lease">Its lease, which names them.</param>
/// <param name="Parts">How many parts it has.</param>
/// <param name="Finished">How many of them were there already.</param>
internal sealed record Submission(Lease Lease, int Parts, int Finished);

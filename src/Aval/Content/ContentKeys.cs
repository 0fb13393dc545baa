using Aval.Storage;

namespace Aval.Content;

/// <summary>The keys of what content derives from a workspace's secret.</summary>
internal static class ContentKeys
{
    extension(WorkspaceKey key)
    {
        /// <summary>Buckets: which slice of the accounts one belongs to.</summary>
        public SipHash Buckets => key.SipHashKey("aval/bucket/v1");

        /// <summary>Fingerprints: whether two versions of an item say the same.</summary>
        public SipHash Fingerprints => key.SipHashKey("aval/fingerprint/v1");

        /// <summary>Observations: what content there is, as a sum.</summary>
        public SipHash Observations => key.SipHashKey("aval/observation/v1");

        /// <summary>Items in the indexes of where they lie.</summary>
        public SipHash Places => key.SipHashKey("aval/place/v1");

        /// <summary>Accounts in the indexes of which items name them.</summary>
        public SipHash Naming => key.SipHashKey("aval/naming/v1");

        /// <summary>Draws: which persons a share of all of them takes.</summary>
        public SipHash Draws => key.SipHashKey("aval/draw/v1");

        /// <summary>What stands for items and accounts that were erased or forgotten.</summary>
        public byte[] Erased => key.MacKey("aval/suppression/v1");

        /// <summary>The chain of the log of imports.</summary>
        public byte[] ImportLog => key.MacKey("aval/import-log/v1");

        /// <summary>Which files have been held against their hashes.</summary>
        public byte[] CheckedFiles => key.MacKey("aval/checked-files/v1");
    }
}

using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Preferences;

/// <summary>What an agent must be allowed so that it logs and encrypts its sessions (user guide, "Create a custom IAM role for Session Manager").</summary>
internal static class SessionRights
{
    /// <summary>The actions, each with what it is called on.</summary>
    public static IEnumerable<(string Action, string Resource)> Needed(SessionNeeds needs, PreferenceDocument document, string partition)
    {
        if (needs.Bucket is { } bucket)
        {
            string prefix = document.Value(PreferenceInput.Prefix).Trim('/');
            yield return ("s3:PutObject", $"arn:{partition}:s3:::{bucket}/{prefix}{(prefix.Length > 0 ? "/" : "")}session.log");
            yield return ("s3:GetEncryptionConfiguration", $"arn:{partition}:s3:::{bucket}");
        }

        if (needs.LogGroup is { } group)
        {
            // Account and Region of a group are the node's own, and not told apart here.
            foreach (string action in (string[])["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"])
            {
                yield return (action, $"log-group:{group}:log-stream:session");
            }

            yield return ("logs:DescribeLogGroups", "");
        }

        if (needs.KmsKey is not null)
        {
            yield return ("kms:Decrypt", "");
        }
    }
}

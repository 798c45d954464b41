<#
.SYNOPSIS
Runs one Pester file in this process and writes its counts, for whoever adds them up.
.DESCRIPTION
Every file gets a pwsh of its own: a binary module cannot be unloaded, and environment variables belong to the process.
The result is one line: passed, failed, skipped.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $ResultPath
)

$ErrorActionPreference = 'Stop'
# Nothing of the developer's own AWS settings may reach a test, and no test may reach AWS.
Get-ChildItem Env: | Where-Object Name -Like 'AWS_*' | Remove-Item
$env:AWS_EC2_METADATA_DISABLED = 'true'
$env:AWS_CONFIG_FILE = $env:AWS_SHARED_CREDENTIALS_FILE = Join-Path ([IO.Path]::GetTempPath()) 'ssmtools-no-such-file'
$PSStyle.OutputRendering = 'PlainText'

Import-Module Pester -MinimumVersion 5.0
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.Output.RenderMode = 'Plaintext'
$result = Invoke-Pester -Configuration $configuration

# A block or file that fails as a whole fails its tests too; where it has none, it still counts.
$failed = [Math]::Max($result.FailedCount, $result.FailedBlocksCount + $result.FailedContainersCount)
$skipped = $result.SkippedCount + $result.NotRunCount + $result.InconclusiveCount
Set-Content -LiteralPath $ResultPath -Value "$($result.PassedCount) $failed $skipped"
exit [int]($failed -gt 0 -or $result.PassedCount -eq 0)

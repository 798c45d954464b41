# Joins this machine to AWS Systems Manager as a managed node. Run it as an administrator, on the machine, in Windows
# PowerShell 5.1 or PowerShell 7:
#   powershell -ExecutionPolicy Bypass -File join.ps1 [-Config <file>] [-Force]
# It holds an activation code, which is a secret until the activation is used up or over: delete it when it has run.
[CmdletBinding()]
param(
    # Becomes the agent's configuration: a proxy, the endpoints of a VPC.
    [string] $Config,

    # Registers although the machine is registered already.
    [switch] $Force
)

$ErrorActionPreference = 'Stop'
$region = @REGION@
$activationId = @ID@
$activationCode = @CODE@
$bucket = "https://amazon-ssm-$region.s3.$region.@SUFFIX@/latest"
$programs = Join-Path $env:ProgramFiles 'Amazon\SSM'
$agent = Join-Path $programs 'amazon-ssm-agent.exe'
$registration = Join-Path $env:ProgramData 'Amazon\SSM\InstanceData\registration'

$user = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())
if (-not $user.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    throw 'Run this as an administrator: the agent registers the machine, not a user.'
}

if ((Test-Path $registration) -and -not $Force) {
    $known = Get-Content -Raw $registration | ConvertFrom-Json
    Write-Warning ("This machine is registered already, as $($known.ManagedInstanceID) in $($known.Region). Nothing was changed. " +
        "To use it as it is, see that its agent runs: Start-Service AmazonSSMAgent. To register it anew: " +
        "Unregister-SsmNode $($known.ManagedInstanceID), then this script with -Force.")
    exit 3
}

if ($Config) {
    $null = New-Item -ItemType Directory -Force $programs
    Copy-Item -LiteralPath $Config -Destination (Join-Path $programs 'amazon-ssm-agent.json')
}

$over = 'The machine was not registered. An activation that is over, used up or deleted is of no use any more: Register-SsmNode makes another one.'
if (Test-Path $agent) {
    Stop-Service AmazonSSMAgent -ErrorAction SilentlyContinue
    & $agent -register -y -code $activationCode -id $activationId -region $region
    if ($LASTEXITCODE -ne 0) {
        throw $over
    }
}
else {
    # AWS's own installer, which checks the agent's package; its own signature is checked here.
    [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
    $work = Join-Path ([IO.Path]::GetTempPath()) ([guid]::NewGuid())
    $null = New-Item -ItemType Directory $work
    try {
        $setup = Join-Path $work 'ssm-setup-cli.exe'
        (New-Object Net.WebClient).DownloadFile("$bucket/windows_amd64/ssm-setup-cli.exe", $setup)
        $signature = Get-AuthenticodeSignature $setup
        if ($signature.Status -ne 'Valid' -or $signature.SignerCertificate.Subject -notmatch 'O="?Amazon(\.com Services| Web Services|\.com)') {
            throw "The installer is not signed by Amazon ($($signature.Status)). Nothing was installed."
        }
        & $setup -register "-activation-code=$activationCode" "-activation-id=$activationId" "-region=$region"
        if ($LASTEXITCODE -ne 0) {
            throw $over
        }
    }
    finally {
        Remove-Item -Recurse -Force $work
    }
}

Set-Service AmazonSSMAgent -StartupType Automatic
Restart-Service AmazonSSMAgent
'Done. From PowerShell: Get-SsmInstance -Managed shows the node, and Enter-SsmSession opens a shell on it.'

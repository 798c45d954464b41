# An ssh server on a free loopback port, with keys of its own in a folder of its own. Dot-sourced by the tests of what goes
# over ssh; $SshdMissing says why there can be none here.

$script:SshdMissing = if ($IsWindows) {
    'the tests have no ssh server on Windows'
}
elseif (-not (Get-Command ssh -CommandType Application -ErrorAction Ignore)) {
    'ssh is not installed'
}
elseif (-not (Test-Path /usr/sbin/sshd)) {
    'sshd is not installed'
}
elseif ((id -u) -eq 0 -and -not (Test-Path /run/sshd) -and -not (New-Item /run/sshd -ItemType Directory -ErrorAction Ignore)) {
    'sshd has no folder for its children'
}

function Start-TestSshd([string] $More = '') {
    $folder = New-Item (Join-Path ([IO.Path]::GetTempPath()) "ssmtools-sshd-$([guid]::NewGuid())") -ItemType Directory
    chmod 755 $folder
    ssh-keygen -q -t ed25519 -N '' -f "$folder/host"
    ssh-keygen -q -t ed25519 -N '' -f "$folder/user"
    $free = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $free.Start()
    $port = $free.LocalEndpoint.Port
    $free.Stop()
    Set-Content "$folder/sshd_config" @"
Port $port
ListenAddress 127.0.0.1
HostKey $folder/host
PidFile none
AuthorizedKeysFile $folder/user.pub
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
Subsystem powershell $PowerShell -sshs -NoLogo -NoProfile
$More
"@
    $process = Start-Process /usr/sbin/sshd -ArgumentList '-f', "$folder/sshd_config", '-D', '-e' -PassThru -RedirectStandardError "$folder/log"
    $limit = [datetime]::UtcNow.AddSeconds(30)
    while (-not (Select-String 'Server listening' "$folder/log" -Quiet)) {
        if ($process.HasExited -or [datetime]::UtcNow -gt $limit) {
            throw "sshd did not start: $(Get-Content "$folder/log")"
        }
        $null = $process.WaitForExit(50)
    }
    [pscustomobject]@{
        Process = $process
        Folder = "$folder"
        Port = $port
        UserName = [Environment]::UserName
        KeyFile = "$folder/user"
        # Neither the known hosts nor the configuration of whoever runs the tests.
        Options = @('-F', "$folder/config", '-o', "UserKnownHostsFile=$folder/known", '-o', 'StrictHostKeyChecking=accept-new', '-o', 'HashKnownHosts=no')
        SshOption = @{ UserKnownHostsFile = "$folder/known"; StrictHostKeyChecking = 'accept-new'; HashKnownHosts = 'no' }
    }
}

function Stop-TestSshd($Sshd) {
    if ($Sshd) {
        $Sshd.Process.Kill($true)
        $Sshd.Process.WaitForExit()
        Remove-Item $Sshd.Folder -Recurse -Force
    }
}

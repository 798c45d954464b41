BeforeDiscovery {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/sshd.ps1
    $missing = $SshdMissing
    if ($missing) {
        Write-Warning "Skipped: $missing."
    }
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/sshd.ps1
    . $PSScriptRoot/sandboxapi.ps1
    $sandbox = Start-TestSandbox
    $instance = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1
    $null = $instance | Test-SsmRegistration -Wait
    $id = $instance.InstanceId

    # Runs a program with pipes for its standard input and output, as ssh runs the proxy.
    function Invoke-Piped([string] $Program, [string[]] $Arguments, [scriptblock] $Meanwhile = { }) {
        $start = [System.Diagnostics.ProcessStartInfo]::new($Program)
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $start.StandardOutputEncoding = [Text.Encoding]::Latin1 # a letter for each byte
        $Arguments | ForEach-Object { $start.ArgumentList.Add($_) }
        $process = [System.Diagnostics.Process]::Start($start)
        try {
            $output = $process.StandardOutput.ReadToEndAsync()
            $errors = $process.StandardError.ReadToEndAsync()
            & $Meanwhile $process
            if (-not $process.WaitForExit(60000)) {
                $process.Kill($true)
                throw "Not done after a minute: $Arguments"
            }
            [pscustomobject]@{ ExitCode = $process.ExitCode; Output = $output.Result; Errors = $errors.Result }
        }
        finally {
            $process.Dispose()
        }
    }

    # The server's side of a connection that is over: an end, or a reset.
    function Wait-Closed($Client) {
        $Client.ReceiveTimeout = 30000
        try {
            $Client.GetStream().ReadByte() | Should -Be -1
        }
        catch [System.Management.Automation.MethodInvocationException] {
            $_.Exception.InnerException.InnerException.SocketErrorCode | Should -Be 'ConnectionReset'
        }
    }

    function Invoke-Proxy([string] $Line, [scriptblock] $Meanwhile = { }) {
        Invoke-Piped $PowerShell '-NoLogo', '-NoProfile', '-NonInteractive', '-Command', "Import-Module '$Manifest'; $Line" $Meanwhile
    }
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Connect-SsmSshProxy' {
    It 'says on standard error alone what is wrong, and exits as ssh does' {
        $proxy = Invoke-Proxy 'Connect-SsmSshProxy i-0123456789abcdef0'
        $proxy.ExitCode | Should -Be 255
        $proxy.Output | Should -BeNullOrEmpty
        $proxy.Errors.Trim() | Should -BeLike 'Connect-SsmSshProxy: A session with i-0123456789abcdef0 cannot start: *'
        @($proxy.Errors.Trim() -split '\r?\n').Count | Should -Be 1
    }

    It 'passes on what the agent says of a port where nothing listens' {
        $free = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $free.Start()
        $port = $free.LocalEndpoint.Port
        $free.Stop()
        $proxy = Invoke-Proxy "Connect-SsmSshProxy $id $port"
        $proxy.ExitCode | Should -Be 255
        $proxy.Output | Should -BeNullOrEmpty
        $proxy.Errors | Should -Match 'Unable to connect to specified port'
    }

    It 'says so where no credentials are found' {
        $proxy = Invoke-Proxy '$env:AWS_ACCESS_KEY_ID = $env:AWS_SECRET_ACCESS_KEY = ""; Connect-SsmSshProxy web-1'
        $proxy.ExitCode | Should -Be 255
        $proxy.Output | Should -BeNullOrEmpty
        $proxy.Errors | Should -BeLike 'Connect-SsmSshProxy: *credentials*'
    }

    It 'is not for people' -Skip:(-not (Get-Command python3 -ErrorAction Ignore)) {
        $shown = Invoke-Terminal "try { Connect-SsmSshProxy $id } catch { `"<`$(`$_.FullyQualifiedErrorId)>`" }" @()
        $shown | Should -BeLike '*<NoPipe,SsmTools.Commands.ConnectSsmSshProxyCommand>*'
    }

    It 'carries every byte, and leaves no session behind when either side ends' {
        $server = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $server.Start()
        $every = [byte[]] (0..255)
        try {
            $port = $server.LocalEndpoint.Port
            $proxy = Invoke-Proxy "Connect-SsmSshProxy $id $port" {
                param($process)
                $client = $server.AcceptTcpClient()
                $process.StandardInput.Write('from the client')
                $process.StandardInput.Flush()
                $buffer = [byte[]]::new(15)
                $client.GetStream().ReadExactly($buffer, 0, 15)
                [Text.Encoding]::ASCII.GetString($buffer) | Should -Be 'from the client'
                $client.GetStream().Write($every)
                $client.Dispose()
            }
            $proxy.ExitCode | Should -Be 0
            $proxy.Errors | Should -BeNullOrEmpty
            [Convert]::ToHexString([Text.Encoding]::Latin1.GetBytes($proxy.Output)) | Should -Be ([Convert]::ToHexString($every))
            Get-ActiveSession $id | Should -BeNullOrEmpty

            $proxy = Invoke-Proxy "Connect-SsmSshProxy $id $port" {
                param($process)
                $client = $server.AcceptTcpClient()
                $process.StandardInput.Close()
                Wait-Closed $client
                $client.Dispose()
            }
            $proxy.ExitCode | Should -Be 0
            $proxy.Errors | Should -BeNullOrEmpty
            Get-ActiveSession $id | Should -BeNullOrEmpty
        }
        finally {
            $server.Stop()
        }
    }

    It 'ends its session when ssh hangs up' -Skip:$IsWindows {
        $server = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $server.Start()
        try {
            $proxy = Invoke-Proxy "Connect-SsmSshProxy $id $($server.LocalEndpoint.Port)" {
                param($process)
                $client = $server.AcceptTcpClient()
                @(Get-ActiveSession $id).Count | Should -Be 1
                /bin/kill -HUP $process.Id
                Wait-Closed $client
                $client.Dispose()
            }
            $proxy.Errors | Should -BeNullOrEmpty
            Get-ActiveSession $id | Should -BeNullOrEmpty
        }
        finally {
            $server.Stop()
        }
    }
}

Describe 'ssh through Connect-SsmSshProxy' -Skip:([bool] $missing) {
    BeforeAll {
        # Keys that EC2 Instance Connect has put on the instance are where the instance's metadata are.
        $endpoint = (Invoke-SsmCommand $id 'echo $AWS_EC2_METADATA_SERVICE_ENDPOINT' -Session).Output.Trim()
        $keys = New-Item (Join-Path ([IO.Path]::GetTempPath()) "ssmtools-keys-$([guid]::NewGuid()).ps1")
        Set-Content $keys @"
`$token = Invoke-RestMethod '$endpoint/latest/api/token' -Method Put -Headers @{ 'X-aws-ec2-metadata-token-ttl-seconds' = '60' }
Invoke-RestMethod "$endpoint/latest/meta-data/managed-ssh-keys/active-keys/`$(`$args[0])" -Headers @{ 'X-aws-ec2-metadata-token' = `$token }
"@
        $sshd = Start-TestSshd
        $forPushed = Start-TestSshd "Match all`nAuthorizedKeysFile none`nAuthorizedKeysCommand $PowerShell -NoProfile -File $keys %u`nAuthorizedKeysCommandUser $([Environment]::UserName)"
        Export-SsmSshConfig "$($sshd.Folder)/config" -UserName $sshd.UserName -KeyFile $sshd.KeyFile
        $options = $sshd.Options
        $bytes = [byte[]]::new(10MB)
        [Random]::new(5).NextBytes($bytes)
        [IO.File]::WriteAllBytes("$($sshd.Folder)/sent", $bytes)
    }

    AfterAll {
        Stop-TestSshd $sshd
        Stop-TestSshd $forPushed
        Remove-Item $keys
    }

    It 'runs a command and has its exit code' {
        $ssh = Invoke-Piped ssh (@($options) + '-p', $sshd.Port, $id, 'echo $((6 * 7)); echo no >&2; exit 7')
        $ssh.Output.Trim() | Should -Be '42'
        $ssh.Errors | Should -Match '(?m)^no\r?$'
        $ssh.ExitCode | Should -Be 7
        Get-ActiveSession $id | Should -BeNullOrEmpty
    }

    It 'copies 10 MB there and back without a wrong byte' {
        $there = "$($sshd.Folder)/there"
        $up = Invoke-Piped scp (@($options) + '-P', $sshd.Port, "$($sshd.Folder)/sent", "${id}:$there")
        $up.ExitCode | Should -Be 0 -Because $up.Errors
        $down = Invoke-Piped scp (@($options) + '-P', $sshd.Port, "${id}:$there", "$($sshd.Folder)/back")
        $down.ExitCode | Should -Be 0 -Because $down.Errors
        @(Get-FileHash "$($sshd.Folder)/sent", $there, "$($sshd.Folder)/back" | Select-Object -ExpandProperty Hash -Unique).Count | Should -Be 1
    }

    It 'signs in with a key that EC2 Instance Connect has put there' -Skip:($missing -or (id -u) -ne 0) {
        Export-SsmSshConfig "$($forPushed.Folder)/config" -UserName $forPushed.UserName -KeyFile $forPushed.KeyFile
        $before = Invoke-Piped ssh (@($forPushed.Options) + '-p', $forPushed.Port, $id, 'echo in')
        $before.ExitCode | Should -Be 255 -Because 'no key is there'
        Export-SsmSshConfig "$($forPushed.Folder)/config" -UserName $forPushed.UserName -KeyFile $forPushed.KeyFile -InstanceConnect
        $ssh = Invoke-Piped ssh (@($forPushed.Options) + '-p', $forPushed.Port, $id, 'echo in')
        $ssh.Output.Trim() | Should -Be 'in' -Because $ssh.Errors
        $ssh.ExitCode | Should -Be 0
    }
}

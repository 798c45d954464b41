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
    $instances = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1 -Count 2
    $null = $instances | Test-SsmRegistration -Wait
    $id = $instances[0].InstanceId

    function Wait-NoTunnel {
        $limit = [datetime]::UtcNow.AddSeconds(30)
        while (Get-SsmTunnel) {
            [datetime]::UtcNow | Should -BeLessThan $limit -Because 'a tunnel closes with its session'
            $null = [System.Threading.Thread]::Yield()
        }
    }
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'New-SsmPSSession' {
    It 'says with -WhatIf on which nodes, and opens nothing' {
        $shown = Invoke-Child 'New-SsmPSSession web-1 -UserName ada -WhatIf'
        @($shown.Output | Select-String 'Open a PowerShell session over ssh' -AllMatches).Matches.Count | Should -Be 2
        Get-SsmTunnel | Should -BeNullOrEmpty
    }

    It 'names a node that is not there' {
        $failed = Get-Failure { New-SsmPSSession i-0123456789abcdef0 -ErrorAction Stop }
        $failed.CategoryInfo.Category | Should -BeIn 'ObjectNotFound', 'ResourceUnavailable'
        $failed.TargetObject | Should -Be 'i-0123456789abcdef0'
    }

    It 'wants a user of the node for WinRM' {
        (Get-Command New-SsmPSSession).ParameterSets.Name | Should -Be 'Ssh', 'WinRM'
        $failed = Get-Failure { New-SsmPSSession $id -WinRM -NodeCredential ([pscredential]::new('a', (ConvertTo-SecureString b -AsPlainText))) -ErrorAction Stop }
        Assert-Error $failed PSSessionFailed OpenError $id
        Wait-NoTunnel
    }
}

Describe 'New-SsmPSSession over ssh' -Skip:([bool] $missing) {
    BeforeAll {
        $sshd = Start-TestSshd
        $arguments = @{ UserName = $sshd.UserName; KeyFile = $sshd.KeyFile; Port = $sshd.Port; SshOption = $sshd.SshOption }
    }

    AfterAll {
        Stop-TestSshd $sshd
    }

    It 'is a session that Invoke-Command uses, and closes its tunnel with it' {
        $session = New-SsmPSSession $id @arguments
        try {
            $session | Should -BeOfType System.Management.Automation.Runspaces.PSSession
            $session.Name | Should -Be $id
            $session.State | Should -Be Opened
            Invoke-Command -Session $session { $PID } | Should -Not -Be $PID
            Invoke-Command -Session $session { $kept = 42 }
            Invoke-Command -Session $session { $kept } | Should -Be 42
            (Get-SsmTunnel).Target | Should -Be $id
            @(Get-ActiveSession $id).Count | Should -Be 1
        }
        finally {
            $session | Remove-PSSession
        }
        Wait-NoTunnel
        Get-ActiveSession $id | Should -BeNullOrEmpty
        Get-Content "$($sshd.Folder)/known" | Should -Match $id -Because 'the host key is the node''s, not the tunnel''s'
    }

    It 'copies files' {
        $session = New-SsmPSSession $id @arguments
        try {
            Set-Content "$TestDrive/a" 'hello'
            Copy-Item "$TestDrive/a" -Destination "$TestDrive/b" -ToSession $session
            Get-Content "$TestDrive/b" | Should -Be 'hello'
        }
        finally {
            $session | Remove-PSSession
        }
    }

    It 'opens one on each of several nodes' {
        $sessions = $instances | New-SsmPSSession @arguments
        try {
            $sessions.Name | Should -Be $instances.InstanceId
            @(Invoke-Command -Session $sessions { 1 }).Count | Should -Be 2
        }
        finally {
            $sessions | Remove-PSSession
        }
        Wait-NoTunnel
    }

    It 'fails where the server does not let the user in, and leaves no tunnel' {
        $null = New-Item "$TestDrive/wrong" -ItemType Directory
        ssh-keygen -q -t ed25519 -N '' -f "$TestDrive/wrong/key"
        $wrong = $arguments + @{}
        $wrong.KeyFile = "$TestDrive/wrong/key"
        $wrong.SshOption = $sshd.SshOption + @{ IdentitiesOnly = 'yes'; BatchMode = 'yes' }
        $failed = Get-Failure { New-SsmPSSession $id @wrong -ErrorAction Stop }
        Assert-Error $failed PSSessionFailed OpenError $id
        Wait-NoTunnel
    }

    It 'is stopped while the server says nothing' {
        $silent = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $silent.Start()
        try {
            $port = $silent.LocalEndpoint.Port
            $stopped = Stop-Midway "New-SsmPSSession $id -UserName $($sshd.UserName) -KeyFile $($sshd.KeyFile) -Port $port"
            $stopped.EndedByItself | Should -BeFalse
            $stopped.State | Should -Be Stopped
        }
        finally {
            $silent.Stop()
        }
    }
}

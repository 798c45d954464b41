BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Set-SsmSandboxFault' {
    BeforeAll {
        $sandbox = Start-TestSandbox
    }

    AfterAll {
        Stop-SsmSandbox
    }

    AfterEach {
        Set-SsmSandboxFault -Clear
    }

    It 'takes faults as they are written, without quotes' {
        Set-SsmSandboxFault drop=1%, close@65536, delay=200ms:5%, 5xx=503:10%:x2 -Seed 7 | Should -BeNullOrEmpty
        $faults = Get-SsmSandboxFault
        $faults.Fault | Should -Be 'drop=1%', 'close@65536', 'delay=200ms:5%', '5xx=503:10%:x2'
        $faults.Seed | Should -Be 7, 7, 7, 7
    }

    It 'switches all others off' {
        Set-SsmSandboxFault drop=1%, close@10s
        Set-SsmSandboxFault reorder=1%
        (Get-SsmSandboxFault).Name | Should -Be 'reorder'
        Set-SsmSandboxFault -Clear
        Get-SsmSandboxFault | Should -BeNullOrEmpty
    }

    It 'has them act on what the cmdlets do' {
        Set-SsmSandboxFault throttle:CreateRole:x1
        (New-SsmInstanceRole web).Created | Should -BeTrue
        (Get-SsmSandboxFault).Hits | Should -Be 1
        Set-SsmSandboxFault expired-credentials
        $failed = Get-Failure { New-SsmInstanceRole web -ErrorAction Stop }
        $failed.CategoryInfo.Category | Should -Be AuthenticationError
    }

    It 'loses nothing of a session whose link goes' {
        $instance = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1 | Test-SsmRegistration -Wait
        Set-SsmSandboxFault close@200, drop=5%, duplicate=5%, reorder=5% -Seed 1
        $child = Invoke-Child "Enter-SsmSession $($instance.InstanceId)" "for i in `$(seq 1 500); do echo line-`$i; done`nexit`n"
        $child.ExitCode | Should -Be 0
        $lines = [regex]::Matches($child.Output, '(?m)^line-(\d+)\s*$') | ForEach-Object { [int] $_.Groups[1].Value }
        $lines | Should -Be (1..500)
        (Get-SsmSandboxFault)[0].Hits | Should -BeGreaterThan 0
    }

    It 'returns what is on with -PassThru' {
        $fault = $sandbox | Set-SsmSandboxFault drop=1% -PassThru
        $fault | Should -BeOfType SsmTools.Output.SsmSandboxFault
        $fault | Out-String | Should -Match 'drop=1%'
        "$fault" | Should -Be 'drop=1%'
    }

    It 'changes nothing with -WhatIf, and refuses all the same what it does not understand' {
        Set-SsmSandboxFault drop=1%
        Set-SsmSandboxFault close -WhatIf
        Set-SsmSandboxFault -Clear -WhatIf
        (Get-SsmSandboxFault).Fault | Should -Be 'drop=1%'
        Assert-Error (Get-Failure { Set-SsmSandboxFault drip=1% -WhatIf }) FaultNotUnderstood InvalidArgument 'drip=1%'
    }

    It 'says what a fault takes where it is not understood, and leaves all as it was' {
        Set-SsmSandboxFault drop=1%
        $failed = Get-Failure { Set-SsmSandboxFault close, delay=soon }
        Assert-Error $failed FaultNotUnderstood InvalidArgument 'delay=soon'
        $failed.ErrorDetails.RecommendedAction | Should -Match '200ms'
        (Get-SsmSandboxFault).Fault | Should -Be 'drop=1%'
    }

    It 'completes faults by name' {
        (Complete 'Set-SsmSandboxFault dr').CompletionText | Should -Be 'drop=1%'
        (Complete 'Set-SsmSandboxFault drop=1%, refused').CompletionText | Should -Contain 'refused-resume=DoesNotExist'
        (Complete 'Start-SsmSandbox -Fault clo').CompletionText | Should -Contain "'close@10s'"
    }

    It 'needs the sandbox that runs' {
        $other = Start-SsmSandbox
        Stop-SsmSandbox
        Assert-Error (Get-Failure { Set-SsmSandboxFault drop=1% }) SandboxNotRunning ObjectNotFound 'Sandbox'
        $null = Start-TestSandbox
        Assert-Error (Get-Failure { $other | Set-SsmSandboxFault -Clear }) SandboxNotRunning ObjectNotFound $other.Endpoint
    }
}

Describe 'Start-SsmSandbox -Fault' {
    AfterEach {
        Stop-SsmSandbox
    }

    It 'begins with faults' {
        $null = Start-SsmSandbox -Fault throttle:x1, drop=1% -Seed 3
        (Get-SsmSandboxFault).Fault | Should -Be 'throttle:x1', 'drop=1%'
        (Get-SsmSandboxFault).Seed | Should -Be 3, 3
    }

    It 'starts nothing where one is not understood' {
        Assert-Error (Get-Failure { Start-SsmSandbox -Fault drip }) FaultNotUnderstood InvalidArgument 'drip'
        Get-SsmSandbox | Should -BeNullOrEmpty
    }
}

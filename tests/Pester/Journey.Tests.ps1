BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'The journey' {
    It 'goes from nothing to a prompt in one line, and the instance knows its profile' {
        $typed = @'
token=$(curl -sX PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$AWS_EC2_METADATA_SERVICE_ENDPOINT/latest/api/token")
curl -sH "X-aws-ec2-metadata-token: $token" "$AWS_EC2_METADATA_SERVICE_ENDPOINT/latest/meta-data/iam/info"
exit
'@
        $line = "New-SsmInstanceRole web | New-SsmInstance -SubnetId $($sandbox.Subnets.Isolated[0]) | " +
            'Test-SsmRegistration -Wait | Enter-SsmSession'
        $journey = Invoke-Child $line $typed
        $journey.Errors | Should -BeNullOrEmpty
        $journey.ExitCode | Should -Be 0
        $arn = (New-SsmInstanceRole web).InstanceProfileArn
        $journey.Output | Should -Match ('"InstanceProfileArn"\s*:\s*"' + [regex]::Escape($arn))
    }

    It 'ends with one clear error where the instance cannot register' {
        $line = "New-SsmInstanceRole web | New-SsmInstance -SubnetId $($sandbox.Subnets.Dead[0]) | " +
            'Test-SsmRegistration -Wait -Timeout 2 | Enter-SsmSession; $Error.FullyQualifiedErrorId'
        $journey = Invoke-Child $line
        $journey.Output | Should -Match 'RegistrationTimeout,SsmTools.Commands.TestSsmRegistrationCommand'
        $journey.Output | Should -Match 'NotRegistered,SsmTools.Commands.EnterSsmSessionCommand'
    }

    It 'goes on from where a run was stopped' {
        $line = "New-SsmInstanceRole half | New-SsmInstance $($sandbox.Subnets.Isolated[0]) -Name half | " +
            'Test-SsmRegistration -Wait'
        foreach ($after in 50, 200, 500) {
            $stopped = Stop-Midway $line $after
            $stopped.Errors | Should -BeNullOrEmpty
        }
        $node = & ([scriptblock]::Create($line))
        $node | Should -HaveCount 1
        $node.Registered | Should -BeTrue
        @(Test-SsmRegistration half) | Should -HaveCount 1
    }

    It 'goes back to nothing' {
        $null = New-SsmInstanceRole back | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name back
        Remove-SsmInstance back -Confirm:$false -ErrorAction Stop
        Remove-SsmInstanceRole back -ErrorAction Stop
        (Get-Failure { Test-SsmRegistration back -ErrorAction Stop }).FullyQualifiedErrorId | Should -BeLike 'TargetNotFound,*'
        (New-SsmInstanceRole back).Created | Should -BeTrue
    }
}

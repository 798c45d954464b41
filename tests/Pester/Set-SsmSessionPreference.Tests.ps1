BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/sandboxapi.ps1
    $sandbox = Start-TestSandbox
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Set-SsmSessionPreference' {
    AfterEach {
        Set-SsmSessionPreference -Reset -Force -WarningAction SilentlyContinue
    }

    It 'changes what is named and keeps the rest' {
        Set-SsmSessionPreference -LogBucket sandbox-logs/a -LogGroup /sandbox/sessions -LogStreaming -RunAs -RunAsUser ops |
            Should -BeNullOrEmpty
        $found = Set-SsmSessionPreference -IdleTimeoutMinutes 7 -LinuxProfile "cd /`nls" -PassThru
        $found.LogBucket | Should -Be 'sandbox-logs/a'
        $found.LogGroup | Should -Be '/sandbox/sessions'
        $found.LogStreaming, $found.RunAs | Should -Be $true, $true
        $found.RunAsUser | Should -Be 'ops'
        $found.IdleTimeoutMinutes | Should -Be 7
        $found.LinuxProfile | Should -Be "cd /`nls"
        (Set-SsmSessionPreference -LogStreaming:$false -LogBucket '' -PassThru).LogStreaming | Should -BeFalse
        (Get-SsmSessionPreference).LogBucket | Should -Be ''
        (Get-SsmSessionPreference).RunAs | Should -BeTrue
    }

    It 'shows each difference and changes nothing with -WhatIf' {
        $version = (Get-SsmSessionPreference).Version
        $child = Invoke-Child '$null = Start-SsmSandbox; Set-SsmSessionPreference sandbox-logs -MaxDurationMinutes 60 -WhatIf; (Get-SsmSessionPreference).MaxDurationMinutes'
        $child.Output | Should -Match 'log bucket: none -> sandbox-logs; most minutes: none -> 60'
        $child.Output | Should -Match '(?m)^0$'
        (Get-SsmSessionPreference).Version | Should -Be $version
    }

    It 'does nothing where there is nothing to do' {
        $version = (Set-SsmSessionPreference -IdleTimeoutMinutes 9 -PassThru).Version
        (Set-SsmSessionPreference -IdleTimeoutMinutes 9 -PassThru).Version | Should -Be $version
    }

    It 'takes back what Get-SsmSessionPreference returned' {
        $before = Get-SsmSessionPreference
        Set-SsmSessionPreference -LogGroup /sandbox/sessions -KmsKeyId alias/sandbox -RunAs -MaxDurationMinutes 5
        $after = $before | Set-SsmSessionPreference -PassThru
        foreach ($name in 'LogBucket', 'LogGroup', 'KmsKeyId', 'RunAs', 'MaxDurationMinutes', 'IdleTimeoutMinutes') {
            $after.$name | Should -Be $before.$name
        }
    }

    It 'refuses a <What> that would not do, and takes it with -Force' -ForEach @(
        @{ What = 'bucket'; Options = @{ LogBucket = 'not-there' }; Id = 'BucketNotFound'; Category = 'ObjectNotFound' }
        @{ What = 'group'; Options = @{ LogGroup = '/not/there' }; Id = 'LogGroupNotFound'; Category = 'ObjectNotFound' }
        @{ What = 'key'; Options = @{ KmsKeyId = 'alias/none' }; Id = 'KmsKeyNotFound'; Category = 'ObjectNotFound' }
    ) {
        Set-SsmSessionPreference @Options -ErrorVariable failed -ErrorAction SilentlyContinue
        Assert-Error $failed[0] $Id $Category $sandbox.Region
        Set-SsmSessionPreference @Options -Force -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -Not -BeNullOrEmpty
    }

    It 'keeps a document that was broken by hand until its repair is asked for' {
        $content = '{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"idleSessionTimeout":"soon","mine":"x"}}'
        $body = @{ Name = 'SSM-SessionManagerRunShell'; Content = $content; DocumentVersion = '$LATEST' } | ConvertTo-Json
        $null = Invoke-SignedRequest ssm 'application/x-amz-json-1.1' $body 'AmazonSSM.UpdateDocument'
        Set-SsmSessionPreference -RunAs -ErrorVariable failed -ErrorAction SilentlyContinue
        Assert-Error $failed[0] PreferencesBroken InvalidOperation $sandbox.Region
        $failed[0].ErrorDetails.RecommendedAction | Should -Match 'Set-SsmSessionPreference -Force'
        $mended = Set-SsmSessionPreference -RunAs -Force -PassThru -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -Match "'soon'"
        $mended.Problems | Should -BeNullOrEmpty
        $mended.RunAs | Should -BeTrue
        $mended.OtherSettings | Should -Be 'inputs.mine'
    }

    It 'tells of roles and subnets that would not do, with the lines that mend them' {
        $node = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0]
        $null = $node | Test-SsmRegistration -Wait
        Set-SsmSessionPreference sandbox-logs/a -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -Match 'New-SsmInstanceRole web -LogBucket sandbox-logs/a'
        "$warned" | Should -Match 'New-SsmVpcEndpoint -SubnetId \S+ -Service s3'
        $null = New-SsmInstanceRole web -LogBucket sandbox-logs/a
        $null = New-SsmVpcEndpoint -SubnetId $sandbox.Subnets.Isolated[0] -Service s3 -WarningAction SilentlyContinue
        Set-SsmSessionPreference sandbox-logs/a -WarningVariable warned
        $warned | Should -BeNullOrEmpty
        Remove-SsmInstance $node -Confirm:$false
    }

    It 'refuses values that cannot be right: <Options>' -ForEach @(
        @{ Options = @{ IdleTimeoutMinutes = 61 } }, @{ Options = @{ MaxDurationMinutes = -1 } }
    ) {
        { Set-SsmSessionPreference @Options } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'completes buckets, log groups and keys' {
        (Complete 'Set-SsmSessionPreference -LogBucket sand').CompletionText | Should -Be 'sandbox-logs'
        (Complete 'Set-SsmSessionPreference -LogGroup /sand').CompletionText | Should -Be '/sandbox/sessions'
        (Complete 'Set-SsmSessionPreference -KmsKeyId al').CompletionText | Should -Be 'alias/sandbox'
        (Complete 'New-SsmInstanceRole web -LogBucket sand').CompletionText | Should -Be 'sandbox-logs'
    }
}

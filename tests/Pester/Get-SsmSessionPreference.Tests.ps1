BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/sandboxapi.ps1
    $sandbox = Start-TestSandbox
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Get-SsmSessionPreference' {
    It 'shows what holds before anybody has set anything' {
        $found = Get-SsmSessionPreference
        $found | Should -BeOfType SsmTools.Output.SsmSessionPreference
        $found.LogBucket, $found.LogGroup, $found.KmsKeyId | Should -Be '', '', ''
        $found.IdleTimeoutMinutes | Should -Be 20
        $found.MaxDurationMinutes | Should -Be 0
        $found.Version | Should -Be '1'
        $found.Region | Should -Be $sandbox.Region
        $found.Problems | Should -BeNullOrEmpty
        $found.Content | Should -Match '"sessionType"'
    }

    It 'shows a document that was broken by hand, and warns of what is wrong' {
        $content = '{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"idleSessionTimeout":"soon","mine":"x"}}'
        $body = @{ Name = 'SSM-SessionManagerRunShell'; Content = $content; DocumentVersion = '$LATEST' } | ConvertTo-Json
        $null = Invoke-SignedRequest ssm 'application/x-amz-json-1.1' $body 'AmazonSSM.UpdateDocument'
        $found = Get-SsmSessionPreference -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -Match "idleSessionTimeout is 'soon'"
        $found.Problems | Should -HaveCount 1
        $found.OtherSettings | Should -Be 'inputs.mine'
        $found.Content | Should -Be $content
        $found.Version | Should -Be '2'
    }

    It 'shows a list that fits <_> columns' -ForEach 80, 120 {
        $lines = Get-SsmSessionPreference -WarningAction SilentlyContinue | Format-List | Out-String -Width $_ -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $_
        $lines -join "`n" | Should -Match 'LogStreaming +: False'
    }

    It 'says which right is missing' {
        $key = 'AKIAAAAAAAAAAAAAAAAA'
        { Get-SsmSessionPreference -AccessKey $key -SecretKey 'x' -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidCredentials,SsmTools.Commands.GetSsmSessionPreferenceCommand'
    }
}

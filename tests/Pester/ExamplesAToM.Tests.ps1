. $PSScriptRoot/examples.ps1 -Letters 'A-M'

"""What the pictures of a report show: words and numbers, before anyone has drawn them."""
